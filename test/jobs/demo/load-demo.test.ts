import { listDemoAccounts, loadDemo, loadDemoIfEmpty } from '../../../jobs/demo/load-demo';
import { addMonths, listPastMonths } from '../../../models/billing/month';
import { moveClock, now } from '../../../lib/values/clock';
import { findContractByCode } from '../../../models/contract/contract';
import { db } from '../../../lib/database/db';
import { resetPassword } from '../../../models/account/reset-password';
import { countPhoneNumbers } from '../../../models/contract/phone-number';
import { expectSummariesToAgree } from '../../support/summaries';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const DAY_MS = 86_400_000;

const getNewestMonth = (): number => listPastMonths(now(), 1)[0] ?? 0;

beforeAll(async () => {
  await openTestPortal();
  await loadDemoIfEmpty();
});
afterEach(expectSummariesToAgree);
afterAll(closeTestPortal);

/** Calls, 0.1 s and 1/100 yen of the newest month by a column of the call types, outgoing first. */
async function listSumsBy(column: string, code: string): Promise<unknown[]> {
  const rows = await db('number_sums')
    .join('call_types', 'call_types.id', 'number_sums.call_type_id')
    .join('contracts', 'contracts.id', 'number_sums.contract_id')
    .where({ 'contracts.code': code, billing_month: getNewestMonth() })
    .groupBy('direction', column)
    .orderBy(['direction', column])
    .select('direction', column)
    .sum({ calls: 'number_sums.calls', duration: 'number_sums.duration', charge: 'number_sums.charge' });
  return rows.map((row: Record<string, unknown>) => Object.values(row));
}

describe('the self page customer', () => {
  it('has the contract of the guide', async () => {
    const contract = await findContractByCode('d123456789');
    expect(contract).toMatchObject({
      ...{
        channels: 1,
        extra_dialin_numbers: 1,
        start_date: '2010-11-15',
        connection_type: 'ダイヤルイン接続',
      },
      ...{ primary_dns: '192.0.2.53', secondary_dns: '198.51.100.53', options: 'free_call_number_notice' },
    });
    expect(await countPhoneNumbers(contract?.id ?? 0, 'contract')).toBe(2);
    expect(await countPhoneNumbers(contract?.id ?? 0, 'free_call')).toBe(1);
  });

  it('has the amounts of the guide last month, all of one number', async () => {
    const ofTypes = await db('number_sums')
      .join('call_types', 'call_types.id', 'number_sums.call_type_id')
      .join('contracts', 'contracts.id', 'number_sums.contract_id')
      .where({ 'contracts.code': 'd123456789', billing_month: getNewestMonth(), direction: 0 })
      .groupBy('phone_number_id', 'category')
      .orderBy('category')
      .select('category')
      .sum({ calls: 'calls', charge: 'charge' });
    expect(ofTypes).toEqual([
      { category: 'domestic', calls: 7, charge: 5600 },
      { category: 'mobile', calls: 25, charge: 187_250 },
    ]);
  });

  it('has calls of three more months, of all peculiar kinds, and telegrams', async () => {
    const contract = await findContractByCode('d123456789');
    const months = await db('contract_months')
      .where({ contract_id: contract?.id })
      .orderBy('billing_month', 'desc')
      .pluck('billing_month');
    expect(months).toEqual(listPastMonths(now(), 4));
    const longest = await db('calls')
      .where({ contract_id: contract?.id })
      .max({ duration: 'duration' })
      .first();
    expect(longest).toEqual({ duration: 44_217 });
    expect(await db('telegrams').where({ contract_id: contract?.id })).toHaveLength(4);
  });
});

it('shows the table of the guide on the my page', async () => {
  expect(await listSumsBy('usage_row', 'N000000001')).toEqual([
    [0, 'general', 1096, 1_037_935, 1_024_000],
    [0, 'international', 600, 1_980_600, 9_687_000],
    [0, 'ip', 480, 376_350, 0],
    [0, 'mobile', 330, 168_450, 768_000],
    [0, 'phs', 510, 393_300, 1_530_000],
    [1, 'general', 3016, 1_408_630, 0],
  ]);
});

it('adds nothing the second time, but for the month that has gone by since', async () => {
  expect(await loadDemo()).toBe(0);
  const before = getNewestMonth();
  const untilNextMonth = 32 * DAY_MS;
  moveClock(untilNextMonth);
  try {
    expect(getNewestMonth()).toBe(addMonths(before));
    expect(await loadDemo()).toBeGreaterThan(6000);
    expect(await listSumsBy('usage_row', 'N000000001')).toContainEqual([
      0,
      'general',
      1096,
      1_037_935,
      1_024_000,
    ]);
  } finally {
    moveClock(-untilNextMonth);
  }
});

it('tells the logins whose fixed passwords still work', async () => {
  const self = { page: '/', login: 'd123456789', password: 'demo2017' };
  const email = { page: '/mypage/login', login: 'demo@example.jp', password: 'meisai-demo-2011' };
  expect(await listDemoAccounts()).toEqual([self, email]);
  await resetPassword('d123456789');
  expect(await listDemoAccounts()).toEqual([email]);
});

it('has a large customer where one is wanted', async () => {
  expect(await loadDemo({ large: true })).toBe(200_000);
  const contract = await findContractByCode('d900000001');
  expect(await countPhoneNumbers(contract?.id ?? 0, 'contract')).toBe(1000);
  const days = await db('number_sums')
    .where({ contract_id: contract?.id, billing_month: getNewestMonth() })
    .sum({ calls: 'calls' })
    .first();
  expect(days).toEqual({ calls: 200_000 });
}, 60_000);
