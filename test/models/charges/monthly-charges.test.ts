import { moveClock } from '../../../lib/values/clock';
import { db } from '../../../lib/database/db';
import { insertDetailFile } from '../../../models/detail-file/detail-file';
import { failDetailFile } from '../../../models/detail-file/claim';
import { listMonthlyCharges } from '../../../models/charges/monthly-charges';
import { publishMonth } from '../../../models/call/published-month';
import { storeCalls } from '../../support/calls';
import { createSelfPageUser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { buildRequestedFile } from '../../support/detail-files';

const MONTH = 201711;
const NUMBER = '05012345678';
const HOUR_MS = 3_600_000;
let contract: number;

const buildCall = (at: string, type: string, charge: number) => ({
  from: NUMBER,
  at: `${at}T12:00:00+09:00`,
  type,
  charge,
});

beforeAll(async () => {
  await openTestPortal();
  contract = (await createSelfPageUser([NUMBER])).contractId;
  await storeCalls(contract, [
    buildCall('2017-11-10', 'domestic', 800),
    buildCall('2017-11-11', 'directory', 6000),
    buildCall('2017-11-12', 'mobile', 4850),
    buildCall('2017-11-13', 'mobile_au', 100),
    buildCall('2017-10-10', 'international', 2700),
    { ...buildCall('2017-11-14', 'domestic', 500), incoming: true },
  ]);
});
afterAll(closeTestPortal);

const getMonth = async (month: number) => (await listMonthlyCharges(contract, [month]))[0];
const getFileStatus = async () => (await getMonth(MONTH))?.calls_file;

describe('the lines of months', () => {
  it('sum outgoing calls by category, and leave no month out', async () => {
    const lines = await listMonthlyCharges(contract, [201710, MONTH, 201709]);
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
    expect(await listMonthlyCharges(contract, [])).toEqual([]);
  });

  it('are of one contract alone', async () => {
    const { contractId } = await createSelfPageUser();
    await insertDetailFile(contract, 201710, 'calls');
    expect((await listMonthlyCharges(contractId, [201710]))[0]).toMatchObject({
      total: 0,
      calls_file: 'none',
      fees_file: 'none',
    });
    await db('detail_files').delete();
  });

  it('say of a month whether it is final', async () => {
    expect(Boolean((await getMonth(201710))?.is_final)).toBe(false);
    await publishMonth(201710, 'test');
    expect(Boolean((await getMonth(201710))?.is_final)).toBe(true);
    expect(Boolean((await getMonth(MONTH))?.is_final)).toBe(false);
  });

  it('follow the file of calls, and the file of charges by itself', async () => {
    expect(await getFileStatus()).toBe('none');
    const { id } = await insertDetailFile(contract, MONTH, 'calls');
    expect(await getFileStatus()).toBe('queued');
    await failDetailFile(id, 'disk_full');
    expect(await getFileStatus()).toBe('failed');
    await buildRequestedFile(contract, MONTH, 'calls');
    expect(await getFileStatus()).toBe('ready');
    await storeCalls(contract, [buildCall('2017-11-20', 'domestic', 800)]);
    expect(await getFileStatus()).toBe('stale');
    await buildRequestedFile(contract, MONTH, 'calls');
    expect(await getFileStatus()).toBe('ready');
    moveClock(48 * HOUR_MS);
    expect(await getFileStatus()).toBe('expired');
    await insertDetailFile(contract, MONTH, 'calls');
    expect(await getMonth(MONTH)).toMatchObject({ calls_file: 'queued', fees_file: 'none' });
  });
});
