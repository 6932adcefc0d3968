import smpp, { type OnAnswer, type Pdu, type Session } from 'smpp';
import { log } from '../../../log';
import { GatewayUnavailable } from './gateway';

export interface SmppSettings {
  host: string;
  port: number;
  tls: boolean;
  system_id: string;
  password: string;
}

/** Times in milliseconds; tests use shorter ones. */
export interface SmppTimes {
  /** The timeout of an answer. The library itself waits for ever. */
  answer: number;
  /** The time between two checks of an idle connection. */
  enquire: number;
  /** The delay before reconnecting, which grows from the first to the second. */
  reconnect: [number, number];
}

const SMPP_TIMES: SmppTimes = { answer: 10_000, enquire: 30_000, reconnect: [500, 30_000] };

export interface SmppConnection {
  /**
   * Sends a message and gives the SMSC's answer.
   *
   * @throws GatewayUnavailable if it has certainly not been sent
   */
  submit(message: object): Promise<Pdu>;
  close(): void;
}

/** Opens a bound connection to the SMSC and reopens it whenever it breaks. `deliver` gets what the SMSC sends on its own. */
export function openSmpp(
  settings: SmppSettings,
  deliver: (pdu: Pdu) => Promise<number>,
  times: SmppTimes = SMPP_TIMES,
): SmppConnection {
  /** The session while it is bound. */
  let session: Session | undefined;
  let latest: Session | undefined;
  let reconnectTimer: NodeJS.Timeout | undefined;
  let wait = times.reconnect[0];
  let isClosed = false;

  const connect = () => {
    const line = smpp.connect({ host: settings.host, port: settings.port, tls: settings.tls });
    latest = line;
    const checks = setInterval(() => void check(line), times.enquire);
    const connectTimer = setTimeout(() => line.destroy(), times.answer);
    line.on('error', (error) => {
      log.error({ err: error }, 'the SMSC does not answer');
      line.destroy();
    });
    line.on(
      settings.tls ? 'secureConnect' : 'connect',
      () => void bind(line).finally(() => clearTimeout(connectTimer)),
    );
    line.on('deliver_sm', (pdu) => void answerDelivery(line, pdu));
    line.on('enquire_link', (pdu) => line.send(pdu.response()));
    line.on('close', () => {
      clearInterval(checks);
      clearTimeout(connectTimer);
      if (session === line) session = undefined;
      if (isClosed) return;
      reconnectTimer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, times.reconnect[1]);
    });
  };

  const bind = async (line: Session) => {
    const { system_id, password } = settings;
    const answer = await sendRequest(
      line,
      (done) => line.bind_transceiver({ system_id, password }, done),
      times.answer,
    );
    if (answer?.command_status !== smpp.ESME_ROK) {
      log.error({ status: answer?.command_status }, 'the SMSC refuses the bind');
      line.destroy();
      return;
    }
    session = line;
    wait = times.reconnect[0];
    log.info('bound to the SMSC');
  };

  const check = async (line: Session) => {
    if (session !== line) return;
    if (!(await sendRequest(line, (done) => line.enquire_link(done), times.answer))) line.destroy();
  };

  const answerDelivery = async (line: Session, pdu: Pdu) => {
    line.send(pdu.response({ command_status: await deliver(pdu) }));
  };

  connect();
  return {
    async submit(message) {
      const line = session;
      if (!line?.socket.writable) throw new GatewayUnavailable('not bound to the SMSC');
      const answer = await sendRequest(line, (done) => line.submit_sm(message, done), times.answer);
      if (answer) return answer;
      throw new Error('no answer from the SMSC');
    },
    close() {
      isClosed = true;
      clearTimeout(reconnectTimer);
      session?.unbind();
      session = undefined;
      latest?.close();
    },
  };
}

/** Waits for the answer to a request; undefined if it was not sent, none came in time, or the connection broke. */
function sendRequest(
  line: Session,
  request: (done: OnAnswer) => boolean,
  timeoutMs: number,
): Promise<Pdu | undefined> {
  return new Promise((resolve) => {
    const finish = (answer?: Pdu) => {
      clearTimeout(timer);
      line.off('close', onClose);
      resolve(answer);
    };
    const onClose = () => finish();
    const timer = setTimeout(finish, timeoutMs);
    line.on('close', onClose);
    if (!request(finish)) finish();
  });
}
