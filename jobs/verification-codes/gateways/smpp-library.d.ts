/** Types for the parts of the library that Meisai uses; it has none of its own. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as NetServer, Socket } from 'node:net';

  interface Pdu {
    command: string;
    command_status: number;
    sequence_number: number;
    system_id?: string;
    password?: string;
    message_id?: string;
    destination_addr?: string;
    data_coding?: number;
    registered_delivery?: number;
    esm_class?: number;
    short_message?: Buffer | { message: string | Buffer };
    message_payload?: Buffer | { message: string | Buffer };
    receipted_message_id?: string;
    message_state?: number;
    response(options?: object): Pdu;
  }

  type OnAnswer = (answer: Pdu) => void;

  class Session extends EventEmitter {
    readonly socket: Socket;
    bind_transceiver(options: object, answered: OnAnswer): boolean;
    submit_sm(options: object, answered: OnAnswer): boolean;
    deliver_sm(options: object, answered?: OnAnswer): boolean;
    enquire_link(answered: OnAnswer): boolean;
    unbind(answered?: OnAnswer): boolean;
    send(pdu: Pdu): boolean;
    close(): void;
    destroy(): void;
    on(
      event: 'deliver_sm' | 'submit_sm' | 'bind_transceiver' | 'enquire_link' | 'unbind',
      on: OnAnswer,
    ): this;
    on(event: 'connect' | 'secureConnect' | 'close', on: () => void): this;
    on(event: 'error', on: (error: Error) => void): this;
  }

  interface Server extends NetServer {
    sessions: Session[];
  }

  const smpp: {
    connect(options: object): Session;
    createServer(onSession: (session: Session) => void): Server;
    ESME_ROK: number;
    ESME_RTHROTTLED: number;
    ESME_RMSGQFUL: number;
    ESME_RX_T_APPN: number;
    ESME_RINVDSTADR: number;
    ESME_RBINDFAIL: number;
  };
  export default smpp;
  export type { OnAnswer, Pdu, Server, Session };
}
