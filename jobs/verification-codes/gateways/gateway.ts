import type { ContactMethod } from '../../../models/verification/contact-method';

export interface CodeMessage {
  /** The id of the row. */
  id: number;
  method: ContactMethod;
  /** E.164 with its plus. */
  to: string;
  /** The six digits. */
  code: string;
}

/** Sends messages. Any error but the two below leaves open whether the gateway has taken the message. */
export interface CodeGateway {
  /** Returns the id by which the gateway knows the message. */
  send(message: CodeMessage): Promise<string>;
  close?(): Promise<void>;
}

/** The gateway has not taken it, and never will. */
export class GatewayRefusal extends Error {}

/** The gateway has certainly not taken it, but may in a moment. */
export class GatewayUnavailable extends Error {}
