import { findContractByCode, saveContract } from '../../models/contract/contract';
import { savePhoneNumber } from '../../models/contract/phone-number';

/** Saves a contract with these numbers (aliases behind a colon: `05011112222:client1;201`), and returns its id. */
export async function saveTestContract(
  code: string,
  numbers: string[] = [],
  changes: { service?: 'autocall' | 'ip050'; customer_number?: string } = {},
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
    ...changes,
  });
  const { id = 0 } = (await findContractByCode(code)) ?? {};
  for (const text of numbers) {
    const [number = '', aliases = ''] = text.split(':');
    await savePhoneNumber(id, number, 'contract', aliases.split(';').filter(Boolean));
  }
  return id;
}
