import { db } from '../../../lib/database/db';
import { runCommand, runJson, writeSourceFile } from '../../support/command';
import { deleteCalls } from '../../support/calls';
import { saveTestContract } from '../../support/contracts';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { expectSummariesToAgree } from '../../support/summaries';

const HEADER = 'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge';
const TYPES = 'code,label,category,fees_column,usage_row,counted';
const info = (counted: string, label = '案内呼'): string =>
  `${TYPES}\ninfo,${label},domestic,domestic,general,${counted}\n`;
const overMidnight = 'x1,05011112222,outgoing,2017-10-31T23:59:50+09:00,668.0,104,,external,info,60.00';
const inside = 'x2,05011112222,outgoing,2017-11-05T10:00:00+09:00,30.0,104,,external,info,60.00';

const importTypes = async (content: string, ...options: string[]) =>
  runCommand('import', 'call-types', await writeSourceFile(content), ...options);
const listSums = () =>
  db('contract_sums')
    .orderBy(['billing_month', 'charge'])
    .select('billing_month', 'calls', 'duration', 'charge');
const getVersion = async (billing_month: number) =>
  (await db('contract_months').where({ billing_month }).first<{ version: number } | undefined>())?.version;

beforeAll(openTestPortal);
beforeEach(async () => {
  await deleteCalls();
  await db('published_months').delete();
  await saveTestContract('d1', ['05011112222']);
  await importTypes(info('yes'), '--force');
  await runJson('import', 'calls', await writeSourceFile([HEADER, overMidnight, inside].join('\n')));
});
afterEach(expectSummariesToAgree);
afterAll(closeTestPortal);

it('a type that is no longer counted gives its calls their durations and their month, and back', async () => {
  const counted = [
    { billing_month: 201710, calls: 1, duration: 0, charge: 6000 },
    { billing_month: 201711, calls: 1, duration: 0, charge: 6000 },
  ];
  expect(await listSums()).toEqual(counted);
  const [october, november] = [await getVersion(201710), await getVersion(201711)];

  expect(await importTypes(info('no'))).toMatchObject({
    status: 0,
    out: expect.stringMatching(
      /1 line saved\n2017年10月: 1 call of 1 contract, 60.00円, changed\n2017年11月: 1 call/,
    ) as string,
  });
  expect(await listSums()).toEqual([{ billing_month: 201711, calls: 2, duration: 6980, charge: 12_000 }]);
  expect(await db('calls').orderBy('started_at').pluck('billing_month')).toEqual([201711, 201711]);
  expect([await getVersion(201710), await getVersion(201711)]).toEqual([
    (october ?? 0) + 1,
    (november ?? 0) + 2,
  ]);

  await importTypes(info('yes'));
  expect(await listSums()).toEqual(counted);
});

it('a call of 1,000 hours moves by two months, and is known and undone there', async () => {
  const longest = 'x3,05011112222,outgoing,2018-01-30T00:00:00+09:00,3599999.9,104,,external,info,60.00';
  await importTypes(info('no'));
  const file = await writeSourceFile([HEADER, longest].join('\n'));
  const { files } = await runJson<{ files: { batch: number }[] }>('import', 'calls', file);
  const listMonths = () => db('calls').where('started_at', '>', 15_150_000_000).pluck('billing_month');
  expect(await listMonths()).toEqual([201803]);
  await importTypes(info('yes'));
  expect(await listMonths()).toEqual([201801]);
  expect(await runJson('batch', 'undo', String(files[0]?.batch))).toMatchObject({ removed: 1 });
  expect(await listMonths()).toEqual([]);
});

it('a call that a re-rating gives a counted type changes month and duration with it', async () => {
  const tariff = await writeSourceFile(
    'prefix,area,call_type,yen_per_unit,unit_seconds,from_date\n104,番号案内,domestic,8,180,2010-01-01\n',
  );
  await runJson('import', 'tariff', tariff, '--name', 'timed');
  expect(await runJson('rerate', '201710', '--tariff', 'timed', '--types')).toMatchObject({
    changed: 1,
    after: 3200,
  });
  expect(await listSums()).toEqual([
    { billing_month: 201711, calls: 1, duration: 6680, charge: 3200 },
    { billing_month: 201711, calls: 1, duration: 0, charge: 6000 },
  ]);
});

it('another label makes the files of all months of the type out of date', async () => {
  const before = await getVersion(201710);
  expect((await importTypes(info('yes'))).out).not.toContain('2017年10月');
  expect(await getVersion(201710)).toBe(before);
  await importTypes(info('yes', '案内サービス'));
  expect(await getVersion(201710)).toBe((before ?? 0) + 1);
});

it('a published month refuses unless forced; a dry run tells months and yen, and changes nothing', async () => {
  await runCommand('month', 'publish', '201710');
  const refused = await importTypes(info('no'));
  expect(refused).toMatchObject({ status: 1, err: expect.stringContaining('2017年10月') as string });
  const dryRun = await importTypes(info('no'), '--dry-run');
  expect(dryRun.out).toContain('2017年10月: 1 call of 1 contract, 60.00円, would change (published)');
  expect(await db('call_types').where({ code: 'info' }).first()).toMatchObject({
    counted: expect.anything() as unknown,
  });
  expect(await listSums()).toHaveLength(2);
  expect(await importTypes(info('no'), '--force')).toMatchObject({ status: 0 });
  expect(await listSums()).toHaveLength(1);
});
