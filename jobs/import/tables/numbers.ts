import { z } from 'zod';
import type { Queryable } from '../../../lib/database/db';
import { parseDay } from '../../../lib/values/jst';
import { type Contract, findContractsByCode } from '../../../models/contract/contract';
import type { NumberLine } from '../../../models/contract/number-register';
import { savePhoneNumbers } from '../../../models/contract/save-numbers';
import { CALL_SERVICES } from '../../../models/contract/service';
import type { TableImport } from './import-table';
import { codeText, telephoneText } from './line-rules';

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

type NumberRow = z.infer<typeof line>;

async function saveNumberRows(rows: NumberRow[], on: Queryable): Promise<(string | undefined)[]> {
  const codes = [...new Set(rows.map(({ contract_code }) => contract_code))];
  const contracts = new Map((await findContractsByCode(codes, on)).map((found) => [found.code, found]));
  const checked = rows.map((row) => checkContract(row, contracts.get(row.contract_code)));
  const reasons = await savePhoneNumbers(
    checked.filter((given) => typeof given !== 'string'),
    on,
  );
  let next = 0;
  return checked.map((given) => (typeof given === 'string' ? given : reasons[next++]));
}

/** A text says why the contract cannot have the number. */
function checkContract(
  { contract_code, ...row }: NumberRow,
  contract: Contract | undefined,
): NumberLine | string {
  if (!contract) return `contract_code: there is no contract ${contract_code}`;
  if (contract.service === 'autocall' && row.service && row.service !== 'ip050')
    return `service: ${row.service} is for contracts of the my page, ${contract_code} is not`;
  return { ...row, contract_id: contract.id, start_day: parseDay(contract.start_date) };
}

/** `meisai import numbers`: creates or updates by number. */
export const numbersImport: TableImport<NumberRow> = {
  columns: { required: ['contract_code', 'number', 'kind'], optional: ['aliases', 'service'] },
  line,
  saveAll: saveNumberRows,
};
