import { now } from '../../lib/values/clock';
import { findContractByCode } from '../../models/contract/contract';
import { type BillingMonth, getMonthStart, listPastMonths } from '../../models/billing/month';
import { TENTHS_OF_DAY, TENTHS_OF_HOUR } from '../../lib/values/jst';
import { saveUsage, type Usage } from '../../models/billing/usage';
import { pickOfficeTime } from './demo-call';
import { createSeededRandom } from './seeded-random';

const MONTHS = 6;
const SESSIONS = 18;
const MERCHANTS = ['しおみ書店', '見本食堂', 'れいじ商店', '海辺の文具店', '駅前コーヒー'];

type NewUsage = Omit<Usage, 'id' | 'billing_month' | 'contract_id'>;

/** Six months of Internet sessions and payments. Saving them again changes nothing. */
export async function saveDemoUsages(contractCode: string): Promise<void> {
  const contract = await findContractByCode(contractCode);
  if (!contract) return;
  for (const month of listPastMonths(now(), MONTHS))
    for (const usage of [...buildSessions(month), ...buildPayments(month)])
      await saveUsage({ ...usage, contract_id: contract.id });
}

function buildSessions(month: BillingMonth): NewUsage[] {
  const random = createSeededRandom(month);
  return Array.from({ length: SESSIONS }, (_, index) => ({
    source_id: `demo-internet-${month}-${index}`,
    service: 'internet',
    used_at: pickOfficeTime(month, random),
    duration: random.pickBetween(600, 3 * TENTHS_OF_HOUR),
    bytes: random.pickBetween(80_000, 2_400_000_000),
    merchant: null,
    amount: null,
  }));
}

function buildPayments(month: BillingMonth): NewUsage[] {
  const random = createSeededRandom(month + 2);
  return MERCHANTS.map((merchant, index) => ({
    source_id: `demo-payon-${month}-${index}`,
    service: 'payon',
    used_at: getMonthStart(month) + random.pickBetween(0, 27) * TENTHS_OF_DAY,
    duration: null,
    bytes: null,
    merchant,
    amount: random.pickBetween(3, 90) * 5500,
  }));
}
