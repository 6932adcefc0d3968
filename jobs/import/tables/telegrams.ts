import { z } from 'zod';
import type { Queryable } from '../../../lib/database/db';
import { openNumberDirectory, type NumberDirectory } from '../../../models/contract/line-lookup';
import { saveTelegram } from '../../../models/billing/telegram';
import type { CsvColumns } from '../source/csv-header';
import type { TableImport } from './import-table';
import { dateText, requiredText, wholeNumber, yenText } from './line-rules';
import { LineRejection } from '../line-rejection';

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
export async function telegramsImport(): Promise<TableImport<z.infer<typeof line>>> {
  const directory = await openNumberDirectory();
  return {
    columns: telegramColumns,
    line,
    save: (row, on) => saveTelegramLine(directory, row, on),
  };
}

async function saveTelegramLine(
  directory: NumberDirectory,
  row: z.infer<typeof line>,
  on: Queryable,
): Promise<void> {
  const { number, ...telegram } = row;
  const known = directory.find(number);
  if (!known) throw new LineRejection(`number: ${number} is not a number of any contract`);
  const { contract_id, phone_number_id } = known;
  await saveTelegram({ ...telegram, contract_id, phone_number_id }, on);
}
