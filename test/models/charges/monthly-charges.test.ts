import { moveClock } from '../../../lib/values/clock';
import { db } from '../../../lib/database/db';
import { requestDetailFile } from '../../../models/detail-file/request';
import { failDetailFile } from '../../../models/detail-file/run';
import { listMonthLines } from '../../../models/charges/monthly-charges';
import { publishMonth } from '../../../models/call/published-month';
import { storeCalls } from '../../support/calls';
import { newCustomer } from '../../support/customers';
import { madeDetailFile } from '../../support/detail-files';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const MONTH = 201711;
const NUMBER = '05012345678';
const HOUR_MS = 3_600_000;
let contract: number;

const call = (at: string, type: string, charge: number) => ({
  from: NUMBER,
  at: `${at}T12:00:00+09:00`,
  type,
  charge,
});

beforeAll(async () => {
  await openTestPortal();
  contract = (await newCustomer([NUMBER])).contractId;
  await storeCalls(contract, [
    call('2017-11-10', 'domestic', 800),
    call('2017-11-11', 'directory', 6000),
    call('2017-11-12', 'mobile', 4850),
    call('2017-11-13', 'mobile_au', 100),
    call('2017-10-10', 'international', 2700),
    { ...call('2017-11-14', 'domestic', 500), incoming: true },
  ]);
});
afterAll(closeTestPortal);

const lineOf = async (month: number) => (await listMonthLines(contract, [month]))[0];
const fileStatus = async () => (await lineOf(MONTH))?.calls_file;

describe('the lines of months', () => {
  it('sum outgoing calls by category, and leave no month out', async () => {
    const lines = await listMonthLines(contract, [201710, MONTH, 201709]);
    expect(
      lines.map(({ month, total, domestic, international, mobile }) => [
        month,
        total,
        domestic,
        international,
        mobile,
      ]),
    ).toEqual([
      [MONTH, 11_750, 6_800, 0, 4_950],
      [201710, 2_700, 0, 2_700, 0],
      [201709, 0, 0, 0, 0],
    ]);
    expect(await listMonthLines(contract, [])).toEqual([]);
  });

  it('are of one contract alone', async () => {
    const { contractId } = await newCustomer();
    await requestDetailFile(contract, 201710, 'calls');
    expect((await listMonthLines(contractId, [201710]))[0]).toMatchObject({
      total: 0,
      calls_file: 'none',
      fees_file: 'none',
    });
    await db('detail_files').delete();
  });

  it('say of a month whether it is final', async () => {
    expect(Boolean((await lineOf(201710))?.is_final)).toBe(false);
    await publishMonth(201710, 'test');
    expect(Boolean((await lineOf(201710))?.is_final)).toBe(true);
    expect(Boolean((await lineOf(MONTH))?.is_final)).toBe(false);
  });

  it('follow the file of calls, and the file of charges by itself', async () => {
    expect(await fileStatus()).toBe('none');
    const { id } = await requestDetailFile(contract, MONTH, 'calls');
    expect(await fileStatus()).toBe('queued');
    await failDetailFile(id, 'disk_full');
    expect(await fileStatus()).toBe('failed');
    await madeDetailFile(contract, MONTH, 'calls');
    expect(await fileStatus()).toBe('ready');
    await storeCalls(contract, [call('2017-11-20', 'domestic', 800)]);
    expect(await fileStatus()).toBe('stale');
    await madeDetailFile(contract, MONTH, 'calls');
    expect(await fileStatus()).toBe('ready');
    moveClock(48 * HOUR_MS);
    expect(await fileStatus()).toBe('expired');
    await requestDetailFile(contract, MONTH, 'calls');
    expect(await lineOf(MONTH)).toMatchObject({ calls_file: 'queued', fees_file: 'none' });
  });
});
