import { setTimeout as delay } from 'node:timers/promises';
import smpp, { type Pdu } from 'smpp';
import { config } from '../../../config';
import { log } from '../../../log';
import { type DeliveryReport, recordDelivery } from '../../../models/verification/delivery';
import { formatCodeMessage } from './code-text';
import { type CodeGateway, type CodeMessage, GatewayUnavailable, GatewayRefusal } from './gateway';
import { openSmpp, type SmppTimes } from './smpp-connection';

/** Number types of SMPP 3.4: international and national by ISDN; names are alphanumeric. */
const INTERNATIONAL = { ton: 1, npi: 1 };
const UNKNOWN = { ton: 0, npi: 1 };
const NAME = { ton: 5, npi: 0 };
const UCS2 = 8;
const MAX_SHORT_MESSAGE = 254;
const TEMPORARY = [smpp.ESME_RTHROTTLED, smpp.ESME_RMSGQFUL];

/** Sends short messages by the operator's own SMSC. */
export function createSmppGateway(times?: SmppTimes): CodeGateway {
  const { hostname, port, protocol } = new URL(config.SMPP_URL ?? '');
  const tls = protocol === 'ssmpp:';
  const settings = {
    host: hostname,
    port: Number(port || (tls ? 3550 : 2775)),
    tls,
    system_id: config.SMPP_SYSTEM_ID ?? '',
    password: config.SMPP_PASSWORD ?? '',
  };
  const connection = openSmpp(settings, handleDelivery, times);
  return {
    async send(message) {
      const { command_status: status, message_id = '' } = await connection.submit(buildSubmission(message));
      if (status === smpp.ESME_ROK) return message_id;
      if (TEMPORARY.includes(status)) throw new GatewayUnavailable(`SMSC ${status}`);
      throw new GatewayRefusal(`SMSC ${status}`);
    },
    close() {
      connection.close();
      return Promise.resolve();
    },
  };
}

function buildSubmission({ to, code }: CodeMessage): object {
  const from = config.SMPP_FROM ?? '';
  const source = from.startsWith('+') ? INTERNATIONAL : /^\d+$/.test(from) ? UNKNOWN : NAME;
  // No smaller alphabet of SMPP has Japanese.
  const text = Buffer.from(formatCodeMessage(code), 'utf16le').swap16();
  return {
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: from.replace('+', ''),
    dest_addr_ton: INTERNATIONAL.ton,
    dest_addr_npi: INTERNATIONAL.npi,
    destination_addr: to.replace('+', ''),
    data_coding: UCS2,
    registered_delivery: 1,
    ...(text.length > MAX_SHORT_MESSAGE ? { message_payload: text } : { short_message: text }),
  };
}

const RETRY_DELAY_MS = 500;
const RECEIPT = 0x04;
const ANY_KIND = 0x3c;
const STATES: Record<number, DeliveryReport['state']> = {
  2: 'delivered',
  3: 'failed',
  4: 'failed',
  5: 'failed',
  8: 'failed',
};
const WORDS: Record<string, DeliveryReport['state']> = {
  DELIVRD: 'delivered',
  EXPIRED: 'failed',
  DELETED: 'failed',
  UNDELIV: 'failed',
  REJECTD: 'failed',
};

/**
 * Notes a receipt. One that arrives before its row has the gateway's id is retried once, then returned to the SMSC for
 * a later delivery. Other messages are acknowledged and ignored.
 */
async function handleDelivery(pdu: Pdu): Promise<number> {
  if (((pdu.esm_class ?? 0) & ANY_KIND) !== RECEIPT) return smpp.ESME_ROK;
  const { gateway_id, report } = readReceipt(pdu);
  if (!gateway_id || !report) return smpp.ESME_ROK;
  try {
    if (await recordDelivery({ gateway_id }, report)) return smpp.ESME_ROK;
    await delay(RETRY_DELAY_MS);
    return (await recordDelivery({ gateway_id }, report)) ? smpp.ESME_ROK : smpp.ESME_RX_T_APPN;
  } catch (error) {
    log.error({ err: error }, 'delivery receipt not noted');
    return smpp.ESME_RX_T_APPN;
  }
}

/** Reads the parameters if the SMSC sends them, else the text: `id:… stat:DELIVRD err:000`. */
function readReceipt(pdu: Pdu): { gateway_id?: string; report?: DeliveryReport } {
  const content = pdu.short_message ?? pdu.message_payload;
  const text = String(content && 'message' in content ? content.message : (content ?? ''));
  const [, word = ''] = /\bstat:(\w+)/i.exec(text) ?? [];
  const state = STATES[pdu.message_state ?? 0] ?? WORDS[word.toUpperCase()];
  return {
    gateway_id: pdu.receipted_message_id ?? /\bid:(\S+)/i.exec(text)?.[1],
    report: state && {
      state,
      ...(state === 'failed' && { failure: `SMSC ${word || String(pdu.message_state)}` }),
    },
  };
}
