import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import smpp, { type Pdu, type Session } from 'smpp';
import { config } from '../../config';

export interface FakeSmsc {
  /** Submitted messages. */
  submitted: Pdu[];
  binds: Pdu[];
  /** Answers a submit from now on. */
  answer: (session: Session, pdu: Pdu) => void;
  /** Reports on a message to the bound client, and gives the status of the client's answer. */
  report(message: object): Promise<number>;
  /** Those that are open. */
  listSessions(): Session[];
  /** Cuts all lines. */
  closeSessions(): void;
  close(): Promise<void>;
}

let ids = 0;

/** Takes a message under an id of its own. */
export const accept = (session: Session, pdu: Pdu): void => {
  ids += 1;
  session.send(pdu.response({ message_id: `smsc-${ids}` }));
};

/** A stand-in for an SMSC, to which the portal's settings point from now on. */
export async function startSmsc(): Promise<FakeSmsc> {
  const server = smpp.createServer((session) => {
    session.on('error', () => undefined);
    session.on('bind_transceiver', (pdu) => {
      smsc.binds.push(pdu);
      const isRight = pdu.system_id === 'meisai' && pdu.password === 'secret';
      session.send(pdu.response({ command_status: isRight ? smpp.ESME_ROK : smpp.ESME_RBINDFAIL }));
    });
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => session.send(pdu.response()));
    session.on('submit_sm', (pdu) => {
      smsc.submitted.push(pdu);
      smsc.answer(session, pdu);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const smsc: FakeSmsc = {
    submitted: [],
    binds: [],
    answer: accept,
    report: (message) =>
      new Promise((resolve) => {
        server.sessions.at(-1)?.deliver_sm(message, ({ command_status }) => resolve(command_status));
      }),
    listSessions: () => [...server.sessions],
    closeSessions: () => smsc.listSessions().forEach((session) => session.destroy()),
    async close() {
      smsc.closeSessions();
      server.close();
      await once(server, 'close');
    },
  };
  Object.assign(config, {
    VERIFICATION_GATEWAY: 'smpp',
    SMPP_URL: `smpp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    SMPP_SYSTEM_ID: 'meisai',
    SMPP_PASSWORD: 'secret',
    SMPP_FROM: 'Meisai',
  });
  return smsc;
}
