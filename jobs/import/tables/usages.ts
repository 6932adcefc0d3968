import { z } from 'zod';
import { findContractByCode } from '../../../models/contract/contract';
import type { Queryable } from '../../../lib/database/db';
import { getDayStart, parseDay } from '../../../lib/values/jst';
import { saveUsage, type Usage } from '../../../models/billing/usage';
import { saveEach, type TableImport } from './import-table';
import { LineRejection } from '../source/rejected-lines';
import { codeText, dateText, requiredText, yenText } from './line-rules';
import { createTimeReader } from '../format/values/time';

/** The longest session, in 0.1 s. */
const MAX_TENTHS = 366 * 864_000;

const readInstant = createTimeReader(['yyyy-MM-ddTHH:mm:ss[.S]Z', 'yyyy-MM-dd HH:mm:ss[.S]Z']);

const instant = z.string().transform((text, context) => {
  const tenths = readInstant(text, 'UTC')?.tenths;
  if (tenths !== undefined) return tenths;
  context.addIssue('not a time with its zone, such as 2011-04-01T09:12:05+09:00');
  return z.NEVER;
});

const bytes = z
  .string()
  .regex(/^\d{1,15}$/, 'a whole number of bytes')
  .transform(Number);

const none = z.literal('', { error: 'not of this service' }).optional();

const internet = z
  .object({
    source_id: requiredText,
    contract_code: codeText,
    service: z.literal('internet'),
    connected_at: instant,
    disconnected_at: instant,
    bytes,
    used_on: none,
    merchant: none,
    amount: none,
  })
  .refine(({ connected_at, disconnected_at }) => connected_at <= disconnected_at, {
    path: ['disconnected_at'],
    error: 'before connected_at',
  })
  .refine(({ connected_at, disconnected_at }) => disconnected_at - connected_at <= MAX_TENTHS, {
    path: ['disconnected_at'],
    error: 'more than 366 days after connected_at',
  });

const payon = z.object({
  source_id: requiredText,
  contract_code: codeText,
  service: z.literal('payon'),
  connected_at: none,
  disconnected_at: none,
  bytes: none,
  used_on: dateText,
  merchant: requiredText,
  amount: yenText,
});

const line = z.discriminatedUnion('service', [internet, payon], { error: 'internet or payon' });

type UsageLine = z.infer<typeof line>;

async function saveUsageLine(row: UsageLine, on: Queryable): Promise<void> {
  const contract = await findContractByCode(row.contract_code, on);
  if (!contract) throw new LineRejection(`contract_code: there is no contract ${row.contract_code}`);
  const { source_id, service } = row;
  await saveUsage({ source_id, contract_id: contract.id, service, ...toUsageMeasures(row) }, on);
}

type UsageMeasures = Pick<Usage, 'used_at' | 'duration' | 'bytes' | 'merchant' | 'amount'>;

function toUsageMeasures(row: UsageLine): UsageMeasures {
  if (row.service === 'payon') {
    const used_at = getDayStart(parseDay(row.used_on));
    return { used_at, duration: null, bytes: null, merchant: row.merchant, amount: row.amount };
  }
  const { connected_at: used_at, disconnected_at, bytes: volume } = row;
  return { used_at, duration: disconnected_at - used_at, bytes: volume, merchant: null, amount: null };
}

/** `meisai import usages`: Internet sessions and payments (ペイオン); creates or updates by source id. */
export const usagesImport: TableImport<UsageLine> = {
  columns: {
    required: ['source_id', 'contract_code', 'service'],
    optional: ['connected_at', 'disconnected_at', 'bytes', 'used_on', 'merchant', 'amount'],
  },
  line,
  saveAll: saveEach(saveUsageLine),
};
