import { z } from 'zod';
import { contractOptions, saveContract } from '../../../models/contract/contract';
import type { Queryable } from '../../../lib/database/db';
import { declareServices } from '../../../models/contract/my-page-contract';
import { USAGE_SERVICES } from '../../../models/contract/service';
import { StartDateError } from '../../../models/contract/number-period';
import { LineRejection } from '../source/rejected-lines';
import { codeText, dateText, wholeNumber } from './line-rules';
import { saveEach, type TableImport } from './import-table';

const codes = z.string().transform((text) =>
  text
    .split(';')
    .map((code) => code.trim())
    .filter(Boolean),
);

const options = codes
  .pipe(z.array(z.enum(contractOptions, { error: `only ${contractOptions.join(', ')}` })))
  .transform((given) => contractOptions.filter((code) => given.includes(code)).join(';'));

const usageServices = codes.pipe(
  z.array(z.enum(USAGE_SERVICES, { error: `only ${USAGE_SERVICES.join(', ')}` })),
);

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
    usage_services: usageServices.optional(),
  })
  .transform(({ contract_code: code, customer_number, ...rest }) => ({
    code,
    customer_number: customer_number || code,
    ...rest,
  }));

async function saveContractLine(
  { usage_services, ...contract }: z.infer<typeof line>,
  on: Queryable,
): Promise<void> {
  try {
    await saveContract(contract, on);
  } catch (error) {
    if (error instanceof StartDateError) throw new LineRejection(`start_date: ${error.message}`);
    throw error;
  }
  if (usage_services) await declareServices(contract.code, usage_services, on);
}

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
    optional: ['usage_services'],
  },
  line,
  saveAll: saveEach(saveContractLine),
};
