import { type Contract, findContractByCode, saveContract } from '../../models/contract/contract';
import { savePhoneNumber } from '../../models/contract/save-numbers';
import type { CallService } from '../../models/contract/service';

/**
 * Saves a contract and returns its id. Numbers are digits, 0120… and 0800… free-call ones; aliases stand behind a colon:
 * `05011112222:client1;201`.
 */
export async function saveTestContract(
  code: string,
  numbers: string[] = [],
  fields: Partial<Contract> = {},
  numberService?: CallService,
): Promise<number> {
  await saveContract({
    code,
    customer_number: code,
    service: 'autocall',
    channels: 1,
    extra_dialin_numbers: 0,
    start_date: '2010-11-15',
    connection_type: 'ダイヤルイン接続',
    primary_dns: '192.0.2.53',
    secondary_dns: '198.51.100.53',
    options: '',
    ...fields,
  });
  const { id = 0 } = (await findContractByCode(code)) ?? {};
  for (const text of numbers) {
    const [number = '', aliases = ''] = text.split(':');
    const kind = /^0(120|800)/.test(number) ? 'free_call' : 'contract';
    await savePhoneNumber(id, number, kind, aliases.split(';').filter(Boolean), numberService);
  }
  return id;
}
