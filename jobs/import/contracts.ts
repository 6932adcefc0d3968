import { z } from 'zod';
import { contractOptions, saveContract } from '../../models/contract';
import { codeText, dateText, wholeNumber } from './line-rules';
import type { TableImport } from './import-table';

const options = z
  .string()
  .transform((text) =>
    text
      .split(';')
      .map((code) => code.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.enum(contractOptions, { error: `only ${contractOptions.join(', ')}` })))
  .transform((codes) => contractOptions.filter((code) => codes.includes(code)).join(';'));

const line = z
  .object({
    contract_code: codeText,
    customer_number: z.union([z.literal(''), codeText]),
    service: z.enum(['autocall', 'ip050'], { error: 'autocall or ip050' }),
    channels: wholeNumber,
    extra_dialin_numbers: wholeNumber,
    start_date: dateText,
    connection_type: z.string(),
    primary_dns: z.string(),
    secondary_dns: z.string(),
    options,
  })
  .transform(({ contract_code: code, customer_number, ...rest }) => ({
    code,
    customer_number: customer_number || code,
    ...rest,
  }));

/** `meisai import contracts`: creates or updates by contract code. */
export const contractsImport: TableImport<z.infer<typeof line>> = {
  columns: {
    required: [
      'contract_code',
      'customer_number',
      'service',
      'channels',
      'extra_dialin_numbers',
      'start_date',
      'connection_type',
      'primary_dns',
      'secondary_dns',
      'options',
    ],
  },
  line,
  save: saveContract,
};
