import type { ContactMethod } from '../../../models/verification/contact-method';

export interface CodeMessage {
  /** Of the row. */
  id: number;
  method: ContactMethod;
  /** E.164 with its plus. */
  to: string;
  /** The six digits. */
  code: string;
}

/** Hands a message over. Any error but the two below leaves open whether the gateway has taken it. */
export interface CodeGateway {
  /** Gives the id by which the gateway knows the message. */
  send(message: CodeMessage): Promise<string>;
  close?(): Promise<void>;
}

/** The gateway has not taken it, and never will. */
export class GatewayRefusal extends Error {}

/** The gateway has surely not taken it, but may in a moment. */
export class GatewayUnavailable extends Error {}
