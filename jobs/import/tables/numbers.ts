import { z } from 'zod';
import { findContractByCode } from '../../../models/contract/contract';
import type { Queryable } from '../../../lib/database/db';
import { NumberTakenError, savePhoneNumber } from '../../../models/contract/phone-number';
import { CALL_SERVICES } from '../../../models/contract/service';
import type { TableImport } from './import-table';
import { codeText, telephoneText } from './line-rules';
import { LineRejection } from '../source/rejected-lines';

const line = z.object({
  contract_code: codeText,
  number: telephoneText,
  kind: z.enum(['contract', 'free_call'], { error: 'contract or free_call' }),
  aliases: z
    .string()
    .transform((text) =>
      text
        .split(';')
        .map((alias) => alias.trim())
        .filter(Boolean),
    )
    .optional(),
  service: z
    .enum(['', ...CALL_SERVICES], { error: `one of ${CALL_SERVICES.join(', ')}` })
    .transform((service) => service || undefined)
    .optional(),
});

async function saveNumberLine(row: z.infer<typeof line>, on: Queryable): Promise<void> {
  const { contract_code, number, kind, aliases, service } = row;
  const contract = await findContractByCode(contract_code, on);
  if (!contract) throw new LineRejection(`contract_code: there is no contract ${contract_code}`);
  if (contract.service === 'autocall' && service && service !== 'ip050')
    throw new LineRejection(`service: ${service} is for contracts of the my page, ${contract_code} is not`);
  try {
    await savePhoneNumber(contract.id, number, kind, aliases, service, on);
  } catch (error) {
    if (error instanceof NumberTakenError) throw new LineRejection(error.message);
    throw error;
  }
}

/** `meisai import numbers`: creates or updates by number. */
export const numbersImport: TableImport<z.infer<typeof line>> = {
  columns: { required: ['contract_code', 'number', 'kind'], optional: ['aliases', 'service'] },
  line,
  save: saveNumberLine,
};
