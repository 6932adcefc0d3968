import path from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../../config';
import { listCallTypes } from '../../../models/call/call-type';
import type { RateTable } from '../../../models/rating/rate-table';
import { hasTariff, type NewTariffRate, openTariff, saveTariff } from '../../../models/rating/tariff';
import { type CsvColumns, importTable, saveEach, type TableImport } from './import-table';
import { dateText, requiredText, parseSeconds, yenText } from './line-rules';
import { LineRejection } from '../source/rejected-lines';

/** Yen; 0 if it is empty, or the file has no such column. */
const optionalYen = z
  .string()
  .transform((text) => text || '0')
  .pipe(yenText)
  .default(0);

const line = z.object({
  prefix: z.string().regex(/^\d{1,20}$/, 'digits: national with the leading 0, or the country without +'),
  area: z.string(),
  call_type: requiredText,
  yen_per_unit: yenText,
  unit_seconds: z.string().transform((text, context) => {
    const tenths = parseSeconds(text);
    if (typeof tenths === 'number' && tenths > 0) return tenths;
    context.addIssue(tenths === 0 ? 'more than 0' : String(tenths));
    return z.NEVER;
  }),
  from_date: dateText,
  connection_charge: optionalYen,
  minimum_charge: optionalYen,
});

export const tariffColumns: CsvColumns = {
  required: ['prefix', 'area', 'call_type', 'yen_per_unit', 'unit_seconds', 'from_date'],
  optional: ['connection_charge', 'minimum_charge'],
};

/** `meisai import tariff`: creates or updates by prefix and from-date, all at the end and in one transaction. */
export async function createTariffImport(name: string): Promise<TableImport<z.infer<typeof line>>> {
  const types = new Map((await listCallTypes()).map(({ id, code }) => [code, id]));
  const rates: NewTariffRate[] = [];
  return {
    columns: tariffColumns,
    line,
    saveAll: saveEach(
      ({ call_type, yen_per_unit: unit_charge, unit_seconds: unit_duration, from_date, ...rate }) => {
        const call_type_id = types.get(call_type);
        if (call_type_id === undefined)
          throw new LineRejection(`call_type: there is no call type ${call_type}`);
        const from_time = Date.parse(`${from_date}T00:00:00+09:00`) / 100;
        rates.push({ ...rate, call_type_id, from_time, unit_charge, unit_duration });
        return Promise.resolve();
      },
    ),
    finish: (on) => saveTariff(name, rates, on),
  };
}

/** A tariff by its name; the sample is read from its file when it is first asked for. */
export async function loadTariff(name: string): Promise<RateTable> {
  if (name === 'sample' && !(await hasTariff(name)))
    await importTable(
      await createTariffImport(name),
      path.join(projectRoot, 'jobs', 'import', 'tariffs', 'sample.csv'),
    );
  return openTariff(name);
}
