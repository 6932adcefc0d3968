import { z } from 'zod';
import type { Queryable } from '../../../lib/database/db';
import { explainNoHolder, openLineLookup, type LineLookup } from '../../../models/contract/line-lookup';
import { parseDay } from '../../../lib/values/jst';
import { saveTelegram } from '../../../models/billing/telegram';
import { type CsvColumns, saveEach, type TableImport } from './import-table';
import { dateText, requiredText, wholeNumber, yenText } from './line-rules';
import { LineRejection } from '../source/rejected-lines';

const line = z.object({
  source_id: requiredText,
  number: requiredText,
  sent_on: dateText,
  recipient: z.string(),
  kind: z.string(),
  count: wholeNumber,
  charge: yenText,
});

export const telegramColumns: CsvColumns = {
  required: ['source_id', 'number', 'sent_on', 'recipient', 'kind', 'count', 'charge'],
};

/** `meisai import telegrams`: creates or updates by source id. */
export async function createTelegramsImport(): Promise<TableImport<z.infer<typeof line>>> {
  const lineLookup = await openLineLookup();
  return {
    columns: telegramColumns,
    line,
    saveAll: saveEach((row, on) => saveTelegramLine(lineLookup, row, on)),
  };
}

async function saveTelegramLine(
  lineLookup: LineLookup,
  row: z.infer<typeof line>,
  on: Queryable,
): Promise<void> {
  const { number, ...telegram } = row;
  const day = parseDay(telegram.sent_on);
  const phoneLine = lineLookup.find(number, day);
  const known = lineLookup.findName(number);
  if (!phoneLine)
    throw new LineRejection(
      known ? explainNoHolder([known.name], day) : `number: ${number} is not a number of any contract`,
    );
  const { contract_id, phone_number_id } = phoneLine;
  await saveTelegram({ ...telegram, contract_id, phone_number_id }, on);
}
