import { createApp } from '../../../app';
import { moveClock, now } from '../../../lib/values/clock';
import { db } from '../../../lib/database/db';
import { findDetailFile } from '../../../models/detail-file/detail-file';
import { runCommand, runJson, writeSourceFile } from '../../support/command';
import { createSelfPageUser, openSelfPageBrowser, type TestSelfPageUser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { readPart, buildRequestedFile } from '../../support/detail-files';
import { expectSummariesToAgree } from '../../support/summaries';

interface Imported {
  added: number;
  late: number;
  files: { batch: number; same_file?: { id: number } }[];
}

interface Batch {
  id: number;
  late: number;
  undone_at: string | null;
  months: { billing_month: number; calls: number; late: boolean }[];
  late_calls: { number: string; charge: number }[];
}

interface Report {
  outgoing: { calls: number; duration: number; charge: number };
  by_call_type: { call_type: string; calls: number; charge: number }[];
  by_contract: { contract: string; charge: number }[];
  published: boolean;
}

const NUMBER = '05011112222';
const HEADER = 'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge';
const TARIFF = 'prefix,area,call_type,yen_per_unit,unit_seconds,from_date';

let customer: TestSelfPageUser;
let other: TestSelfPageUser;

const buildLine = (
  id: string,
  at: string,
  more: { number?: string; to?: string; type?: string; charge?: string } = {},
) => {
  const { number = NUMBER, to = '0312345678', type = 'domestic', charge = '8.00' } = more;
  return [id, number, 'outgoing', `2017-${at}+09:00`, '66.0', to, '', 'external', type, charge].join(',');
};
const importLines = async (...lines: string[]) =>
  runJson<Imported>('import', 'calls', await writeSourceFile([HEADER, ...lines].join('\n')));
const runReport = (...args: string[]) => runJson<Report>('report', ...args);

async function importTariff(name: string, ...lines: string[]): Promise<void> {
  await runCommand('import', 'tariff', await writeSourceFile([TARIFF, ...lines].join('\n')), '--name', name);
}

beforeAll(async () => {
  await openTestPortal();
  moveClock(Date.parse('2017-12-05T13:20:00+09:00') - now());
  customer = await createSelfPageUser([NUMBER]);
  other = await createSelfPageUser(['05011113333']);
});
beforeEach(async () => {
  for (const { id } of await runJson<Batch[]>('batch')) await runCommand('batch', 'undo', String(id));
  await db('published_months').delete();
});
afterEach(expectSummariesToAgree);
afterAll(closeTestPortal);

describe('batch', () => {
  it('undo takes exactly the calls of a batch out, once, and its file may come again', async () => {
    const first = await importLines(buildLine('a', '11-05T10:00:00'), buildLine('b', '10-05T10:00:00'));
    const file = await writeSourceFile(
      [HEADER, buildLine('c', '11-06T10:00:00'), buildLine('a', '11-05T10:00:00')].join('\n'),
    );
    const second = await runJson<Imported>('import', 'calls', file);
    const id = String(second.files[0]?.batch);

    expect(await runJson('batch', 'undo', id)).toEqual({
      ...{ id: Number(id), removed: 1, undone: [{ id: Number(id), removed: 1 }], published_months: [] },
    });
    expect((await runReport('201711')).outgoing.calls).toBe(1);
    expect((await runJson<Batch>('batch', 'show', id)).undone_at).not.toBeNull();
    expect(await runCommand('batch', 'undo', id)).toMatchObject({
      status: 1,
      err: expect.stringContaining('undone already') as string,
    });
    const third = await runJson<Imported>('import', 'calls', file);
    expect(third).toMatchObject({ added: 1 });
    await runCommand('batch', 'undo', String(third.files[0]?.batch));
    await importLines(buildLine('c', '11-06T10:00:00'));

    await runCommand('batch', 'undo', String(first.files[0]?.batch));
    expect(await db('calls').count({ calls: '*' }).first()).toEqual({ calls: 1 });
    expect(await db('contract_sums').where({ billing_month: 201710 })).toEqual([]);
    expect((await runCommand('batch', 'undo', '999')).err).toContain('There is no batch 999');
  });

  it('undo is refused where a later file had calls of the batch, and takes both with --with-overlaps', async () => {
    const [a, b, c] = [
      buildLine('a', '11-05T10:00:00'),
      buildLine('b', '11-06T10:00:00'),
      buildLine('c', '11-07T10:00:00'),
    ];
    const idOf = ({ files }: Imported) => Number(files[0]?.batch);
    const first = idOf(await importLines(a, b));
    const second = idOf(await importLines(b, c));
    const refused = await runCommand('batch', 'undo', String(first));
    expect(refused).toMatchObject({
      status: 1,
      err: expect.stringContaining(`Batch ${second} had 1 of these calls`) as string,
    });
    expect(await db('calls').count({ n: '*' }).first()).toEqual({ n: 3 });

    expect(await runJson('batch', 'undo', String(first), '--with-overlaps')).toMatchObject({
      removed: 3,
      undone: [
        { id: second, removed: 1 },
        { id: first, removed: 2 },
      ],
    });
    expect(await db('call_sources')).toEqual([]);
    const third = idOf(await importLines(a));
    expect(await runJson('batch', 'undo', String(third))).toMatchObject({ removed: 1 });
  });

  it('list says what came, and an import that the same file came before', async () => {
    const file = await writeSourceFile([HEADER, buildLine('a', '11-05T10:00:00')].join('\n'));
    const [{ batch } = { batch: 0 }] = (await runJson<Imported>('import', 'calls', file)).files;
    const again = await runCommand('import', 'calls', file, '--again');
    expect(again.out).toMatch(new RegExp(`nothing added.*came in before.*as batch ${batch}`));
    const { files } = await runJson<Imported>('import', 'calls', file, '--again');
    expect(files[0]?.same_file).toEqual({
      id: batch,
      imported_at: expect.stringMatching(/^2017-12-05T04:/) as string,
    });
    expect((await runCommand('batch')).out).toMatch(
      new RegExp(`\\n${batch}  2017年12月05日.*1 call, 8.00円`),
    );
  });
});

describe('import calls', () => {
  it('tells the months, by which a wrong file shows', async () => {
    const file = await writeSourceFile(
      [HEADER, buildLine('a', '11-05T10:00:00'), buildLine('b', '10-05T10:00:00')].join('\n'),
    );
    expect((await runCommand('import', 'calls', file)).out).toMatch(
      / \(batch \d+: 2017年10月, 2017年11月\)\n$/,
    );
    const year = ['01', '02', '03', '04', '05'].map((month) => buildLine(month, `${month}-05T10:00:00`));
    const { out } = await runCommand('import', 'calls', await writeSourceFile([HEADER, ...year].join('\n')));
    expect(out).toMatch(/ \(batch \d+: 5 months from 2017年01月 to 2017年05月\)\n$/);
  });

  it('asks for the format where it may be another', async () => {
    const file = await writeSourceFile('1,2,3\n4,5,6\n');
    expect((await runCommand('import', 'calls', file)).err).toMatch(
      /give another --format\. The columns are/,
    );
    const { status, out } = await runCommand('import', 'calls', file, '--format', 'asterisk');
    expect([status, out]).toEqual([2, expect.stringContaining('Is “asterisk” the format of this file?')]);
  });
});

describe('month publish', () => {
  it('makes calls that come later late, lists them, and makes files stale', async () => {
    await importLines(buildLine('a', '11-05T10:00:00'));
    expect(await runJson('month', 'publish', '201711')).toEqual({ month: 201711, published: true });
    expect((await runCommand('month', 'publish', '2017-11')).out).toContain('had been published before');
    await buildRequestedFile(customer.contractId, 201711, 'calls');

    const later = await importLines(buildLine('b', '11-06T10:00:00'), buildLine('c', '10-06T10:00:00'));
    expect(later).toMatchObject({ added: 2, late: 1 });
    const shown = await runJson<Batch>('batch', 'show', String(later.files[0]?.batch));
    expect(shown.late).toBe(1);
    expect(shown.months.map(({ billing_month, late }) => [billing_month, late])).toEqual([
      [201710, false],
      [201711, true],
    ]);
    expect(shown.late_calls).toEqual([expect.objectContaining({ number: NUMBER, charge: 800 })]);
    expect((await findDetailFile(customer.contractId, 201711, 'calls')).status).toBe('stale');
  });

  it('has each change to the month afterwards told', async () => {
    const { files } = await importLines(buildLine('a', '11-05T10:00:00'), buildLine('b', '10-05T10:00:00'));
    await runCommand('month', 'publish', '201711');
    await importTariff('own', '0,,domestic,10,60,2017-01-01');
    const told = 'Published before: 2017年11月. Customers see other charges';
    expect((await runCommand('rerate', '201711', '--tariff', 'own')).out).toContain(told);
    expect((await runCommand('rerate', '201711', '--tariff', 'own')).out).not.toContain(told);
    expect((await runCommand('rerate', '201710', '--tariff', 'own')).out).not.toContain(told);
    expect((await runCommand('batch', 'undo', String(files[0]?.batch))).out).toContain(told);
  });

  it('can be taken back, once', async () => {
    await importLines(buildLine('a', '11-05T10:00:00'));
    await runCommand('month', 'publish', '201711');
    expect((await runReport('201711')).published).toBe(true);
    expect(await runJson('month', 'withdraw', '201711')).toEqual({ month: 201711, published: false });
    expect((await runReport('201711')).published).toBe(false);
    expect(await importLines(buildLine('b', '11-06T10:00:00'))).toMatchObject({ added: 1, late: 0 });
    expect((await runCommand('month', 'withdraw', '201711')).err).toContain('has not been published');
  });

  it('refuses a month that is not over, and what is no month', async () => {
    expect((await runCommand('month', 'publish', '201712')).err).toContain('is not over yet');
    expect((await runCommand('month', 'publish', '201713')).status).toBe(1);
    expect(await runJson('month', 'list')).toEqual([]);
  });
});

describe('rerate', () => {
  const calls = [
    buildLine('a', '11-09T23:59:59.9', { charge: '1' }),
    buildLine('b', '11-10T00:00:00.0', { charge: '1' }),
    buildLine('c', '11-10T00:00:00.0', { charge: '1', to: '0355556666' }),
    buildLine('d', '11-10T00:00:00.0', { charge: '1', number: '05011113333' }),
    buildLine('e', '10-10T00:00:00.0', { charge: '1' }),
  ];
  const listCharges = () =>
    db('calls').orderBy(['started_at', 'other_number', 'contract_id']).pluck('charge');

  it('rates a month anew, by date and longest prefix, and makes its files stale', async () => {
    await importTariff(
      'own',
      '0,,domestic,10,60,2017-01-01',
      '0,,domestic,12,60,2017-11-10',
      '0355,,special,20.5,60,2017-01-01',
    );
    await importLines(...calls);
    await buildRequestedFile(customer.contractId, 201711, 'fees');
    expect(await runJson('rerate', '201711', '--tariff', 'own')).toEqual({
      ...{
        month: 201711,
        published: false,
        without_duration: 0,
        calls: 4,
        changed: 4,
        before: 400,
        after: 2000 + 2400 + 4100 + 2400,
      },
    });
    expect(await listCharges()).toEqual([100, 2000, 2400, 2400, 4100]);
    expect((await findDetailFile(customer.contractId, 201711, 'fees')).status).toBe('stale');

    const { version } = await db('contract_months')
      .where({ contract_id: customer.contractId, billing_month: 201711 })
      .first<{ version: number }>();
    expect(await runJson('rerate', '201711', '--tariff', 'own')).toMatchObject({ changed: 0 });
    const same = await db('contract_months')
      .where({ contract_id: customer.contractId, billing_month: 201711 })
      .first<{ version: number }>();
    expect(same.version).toBe(version);
    expect((await runReport('201711')).by_call_type.map(({ call_type }) => call_type)).toEqual(['domestic']);
    await runCommand('rerate', '201711', '--tariff', 'own', '--types');
    expect(
      (await runReport('201711')).by_call_type.map(({ call_type, calls: of }) => [call_type, of]),
    ).toEqual([
      ['domestic', 3],
      ['special', 1],
    ]);
  });

  it('rates one contract alone', async () => {
    await importTariff('one', '0,,domestic,5,60,2017-01-01');
    await importLines(...calls);
    expect(await runJson('rerate', '201711', '--tariff', 'one', '--contract', other.code)).toMatchObject({
      calls: 1,
    });
    expect(await listCharges()).toEqual([100, 100, 100, 1000, 100]);
    expect((await runCommand('rerate', '201711', '--tariff', 'one', '--contract', 'x')).err).toContain(
      'no contract x',
    );
  });

  it('changes nothing where one call has no rate', async () => {
    await importTariff('poor', '0355,,domestic,5,60,2017-01-01');
    await importLines(...calls);
    const { status, err } = await runCommand('rerate', '201711', '--tariff', 'poor');
    expect([status, err]).toEqual([1, expect.stringContaining('no rate for 0312345678') as string]);
    expect(await listCharges()).toEqual([100, 100, 100, 100, 100]);
  });

  it('changes nothing where a charge would not fit into a file', async () => {
    await importTariff('dear', '0,,domestic,500000,60,2017-01-01');
    await importLines(...calls);
    const { status, err } = await runCommand('rerate', '201711', '--tariff', 'dear');
    expect([status, err]).toEqual([1, expect.stringMatching(/would cost 1000000 yen.*nothing is changed/)]);
    expect(await listCharges()).toEqual([100, 100, 100, 100, 100]);
  });

  it('has a connection charge and a minimum', async () => {
    const tariff = `${TARIFF},connection_charge,minimum_charge\n0,,domestic,2,60,2017-01-01,3.5,8\n0355,,domestic,5,60,2017-01-01,,\n`;
    await runCommand('import', 'tariff', await writeSourceFile(tariff), '--name', 'connected');
    await importLines(...calls);
    await runCommand('rerate', '201711', '--tariff', 'connected');
    expect(await listCharges()).toEqual([100, 800, 800, 800, 1000]);
  });
});

it('report says so where there is no such contract', async () => {
  expect(await runCommand('report', '201711', '--contract', 'x')).toMatchObject({
    ...{ status: 1, err: expect.stringContaining('There is no contract x') as string },
  });
});

it('report agrees with the screen and both files to the yen', async () => {
  await importLines(
    buildLine('a', '11-05T10:00:00', { charge: '56.25' }),
    buildLine('b', '11-06T10:00:00', { type: 'mobile', to: '09012345678', charge: '1872.50' }),
    buildLine('c', '11-07T10:00:00', { type: 'international', to: '14155552671', charge: '30.99' }),
    buildLine('d', '11-07T10:00:00', { number: '05011113333', charge: '9' }),
  );
  const { outgoing, by_call_type } = await runReport('201711', '--contract', customer.code);
  expect(outgoing).toEqual({ calls: 3, duration: 3 * 660, charge: 195_974 });
  expect(by_call_type.map(({ charge }) => charge)).toEqual([5625, 187_250, 3099]);
  expect((await runReport('201711')).by_contract.map(({ charge }) => charge)).toEqual([195_974, 900]);

  const browser = await openSelfPageBrowser(createApp(), customer);
  await browser.visit('/selfpage/charges/201711');
  expect(browser.rows[0]?.[1]).toBe('1,959.74円');
  const sums = await Promise.all(
    (['fees', 'calls'] as const).map(async (kind) => {
      const file = await buildRequestedFile(customer.contractId, 201711, kind);
      const rows = (await readPart(file, 'utf8')).toString().trim().split('\r\n').slice(1);
      const column = kind === 'fees' ? 1 : 8;
      return rows.reduce((sum, row) => sum + Math.round(Number(row.split(',')[column]) * 100), 0);
    }),
  );
  expect(sums).toEqual([outgoing.charge, outgoing.charge]);
  expect((await runCommand('report', '201711')).out).toContain(
    'all outgoing: 4 calls  0:04:24.0  1,968.74円',
  );
});
