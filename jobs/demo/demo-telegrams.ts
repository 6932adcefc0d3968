import type { BillingMonth } from '../../models/billing/month';
import type { HeldNumber } from '../../models/contract/phone-number';
import { saveTelegram } from '../../models/billing/telegram';

const telegrams = [
  { day: '07', recipient: '東京都千代田区 見本商事株式会社', kind: '慶祝電報', count: 1, charge: 158_000 },
  { day: '22', recipient: '大阪府大阪市 例示太郎', kind: '弔慰電報', count: 2, charge: 316_000 },
];

/** Two telegrams of this month. Saving them again changes nothing. */
export async function saveDemoTelegrams(line: HeldNumber, month: BillingMonth): Promise<void> {
  const text = String(month);
  for (const { day, ...telegram } of telegrams)
    await saveTelegram({
      ...telegram,
      source_id: `demo-${month}-${day}`,
      contract_id: line.contract_id,
      phone_number_id: line.id,
      sent_on: `${text.slice(0, 4)}-${text.slice(4)}-${day}`,
    });
}
