import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import iconv from 'iconv-lite';
import { db } from '../../../lib/database/db';
import { deleteCalls } from '../../support/calls';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { checkSummaries } from '../../../models/call/call-sums';
import { runCommand, runJson, writeSourceFile } from '../../support/command';
import { saveTestContract } from '../../support/contracts';
import { expectSummariesToAgree } from '../../support/summaries';

const HEADER = 'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge';

interface Result {
  added: number;
  duplicates: number;
  rejected: number;
  files: { batch?: number; rejected_file?: string }[];
}

const guideFields = {
  source_id: 'a-1',
  number: '05011112222',
  direction: 'outgoing',
  started_at: '2015-05-01T20:12:21.5+09:00',
  duration: '66.0',
  other_number: '0312345678',
  area: '東京',
  line_class: 'external',
  call_type: 'domestic',
  charge: '8.00',
};

type Fields = Partial<typeof guideFields>;

const buildLine = (changes: Fields = {}): string => Object.values({ ...guideFields, ...changes }).join(',');
const writeCallFile = (...lines: string[]): Promise<string> =>
  writeSourceFile(`${[HEADER, ...lines].join('\n')}\n`);
const importLines = async (lines: string[], ...options: string[]): Promise<Result> =>
  runJson<Result>('import', 'calls', await writeCallFile(...lines), ...options);

async function importOne(changes: Fields, ...options: string[]) {
  expect((await importLines([buildLine(changes)], ...options)).added).toBe(1);
  const { id } = await db('calls').max({ id: 'id' }).first<{ id: number }>();
  return db('calls')
    .join('call_types', 'call_types.id', 'calls.call_type_id')
    .join('areas', 'areas.id', 'calls.area_id')
    .where('calls.id', id)
    .first<Record<string, unknown>>('calls.*', 'call_types.code as call_type', 'areas.name as area');
}

async function importRejected(changes: Fields, ...options: string[]): Promise<string> {
  const file = await writeCallFile(buildLine(changes));
  const { status } = await runCommand('import', 'calls', file, ...options);
  expect(status).toBe(2);
  return readFileSync(`${file}.rejected.csv`, 'utf8').split('\n')[1] ?? '';
}

beforeAll(openTestPortal);
beforeEach(async () => {
  await deleteCalls();
  await saveTestContract('d1', ['05011112222:desk;100', '05011113333:shop;201']);
});
afterEach(expectSummariesToAgree);
afterAll(closeTestPortal);

describe('a line', () => {
  it('becomes a call as it is stored', async () => {
    expect(await importOne({})).toMatchObject({
      billing_month: 201505,
      direction: 0,
      started_at: Date.parse('2015-05-01T20:12:21.500+09:00') / 100,
      duration: 660,
      other_number: '0312345678',
      area: '東京',
      line_class: 0,
      call_type: 'domestic',
      charge: 800,
    });
  });

  it('may name number, class, type and other number in other ways', async () => {
    const call = await importOne({
      ...{
        number: 'desk',
        direction: '発信',
        line_class: '内線',
        call_type: '国内呼',
        other_number: '+81-3-1234-5678',
      },
      ...{ duration: '66', charge: '8.000' },
    });
    expect(call).toMatchObject({
      line_class: 1,
      call_type: 'domestic',
      other_number: '0312345678',
      charge: 800,
    });
  });

  it('may be of a caller who withheld the number, without a charge', async () => {
    expect(
      await importOne({ direction: 'incoming', other_number: 'anonymous', area: '', charge: '' }),
    ).toMatchObject({
      ...{ direction: 1, other_number: '', area: '', charge: 0 },
    });
  });

  it('keeps its duration for 番号案内 too, which is counted, and belongs to the month of its start', async () => {
    const started_at = '2015-05-31T23:59:50.0+09:00';
    const call = await importOne({ call_type: 'directory', other_number: '104', started_at, duration: '30' });
    expect(call).toMatchObject({ billing_month: 201505, duration: 300 });
    expect(await db('contract_sums').first()).toMatchObject({ calls: 1, duration: 0 });
  });

  it('belongs to the month in which the call ends', async () => {
    const at = { started_at: '2015-05-31T23:59:00.0+09:00' };
    expect(await importOne({ ...at, duration: '60.0' })).toMatchObject({ billing_month: 201505 });
    expect(await importOne({ ...at, duration: '60.1', source_id: 'a-2' })).toMatchObject({
      billing_month: 201506,
    });
  });

  it('gets the name of its area from the numbering data where it has none', async () => {
    expect(await importOne({ area: '' })).toMatchObject({ area: '東京' });
  });

  it.each<[Fields, RegExp]>([
    [{ source_id: '' }, /source_id: empty/],
    [{ number: '05099999999' }, /05099999999 is not a number/],
    [{ number: '' }, /\(empty\) is not a number/],
    [{ direction: 'both' }, /direction: both/],
    [{ started_at: '2015-05-01T20:12:21.5' }, /started_at: .* zone/],
    [{ started_at: '2015-02-29T20:12:21.5+09:00' }, /started_at/],
    [{ duration: '-1' }, /duration: -1 is negative/],
    [{ duration: '1.05' }, /duration: 1.05 is finer than 0.1 s/],
    [{ duration: 'long' }, /duration: long is not a number/],
    [{ duration: '3600000' }, /1000 hours/],
    [{ other_number: '' }, /other_number: no number/],
    [{ other_number: '&' }, /other_number: &/],
    [{ line_class: 'trunk' }, /line_class: trunk/],
    [{ call_type: 'telex' }, /call type telex/],
    [{ charge: '8.005' }, /charge: 8.005 is finer/],
    [{ charge: '-8' }, /charge: -8 is negative/],
    [{ charge: '1e3' }, /charge: 1e3/],
    [{ charge: '999999.50' }, /999,999.50/],
    [{ charge: '' }, /no tariff was given/],
  ])('with %j is rejected', async (changes, reason) => {
    expect(await importRejected(changes)).toMatch(reason);
  });

  it('takes the largest charge and the longest duration that a detail file can write', async () => {
    expect(await importOne({ charge: '999999.49', duration: '3599999.9' })).toMatchObject({
      ...{ charge: 99_999_949, duration: 35_999_999 },
    });
  });
});

describe('rating', () => {
  it('charges what has no charge by the tariff, and leaves a charge as it is', async () => {
    const rated = { ...guideFields, area: '', charge: '' };
    expect(await importOne({ ...rated, duration: '180.0' }, '--tariff', 'sample')).toMatchObject({
      charge: 800,
    });
    expect(
      await importOne({ ...rated, source_id: 'a-2', duration: '180.1' }, '--tariff', 'sample'),
    ).toMatchObject({
      ...{ charge: 1600, area: '東京' },
    });
    expect(await importOne({ source_id: 'a-3', charge: '1' }, '--tariff', 'sample')).toMatchObject({
      charge: 100,
    });
  });

  it('takes the type that a record leaves open from the tariff, else from the number', async () => {
    const open = { call_type: '', area: '', other_number: '09012345678' };
    expect(await importOne({ ...open, charge: '' }, '--tariff', 'sample')).toMatchObject({
      call_type: 'mobile',
      charge: 3500,
    });
    expect(await importOne({ ...open, source_id: 'a-2' })).toMatchObject({
      call_type: 'mobile',
      charge: 800,
    });
  });

  it('takes area names from the tariff first', async () => {
    const abroad = { other_number: '+14155552671', call_type: 'international', area: '', charge: '' };
    expect(await importOne(abroad, '--tariff', 'sample')).toMatchObject({
      area: 'アメリカ合衆国',
      charge: 1800,
    });
  });

  it('rejects what the tariff has no rate for', async () => {
    expect(await importRejected({ other_number: '+999123456789', charge: '' }, '--tariff', 'sample')).toMatch(
      /no rate for 999/,
    );
  });

  it('fails at once for a tariff that is not there', async () => {
    const { status, err } = await runCommand(
      'import',
      'calls',
      await writeCallFile(buildLine()),
      '--tariff',
      'none',
    );
    expect([status, err]).toEqual([1, expect.stringMatching(/no tariff “none”.*sample/) as string]);
  });
});

describe('a file', () => {
  it('is refused the second time, whatever its name, and adds nothing where it is taken again', async () => {
    const lines = [buildLine(), buildLine({ source_id: 'a-2' })];
    expect((await importLines(lines)).added).toBe(2);
    const [file, { id }] = [await writeCallFile(...lines), await db('call_batches').first<{ id: number }>()];
    const refused = await runCommand('import', 'calls', file);
    expect(refused.status).toBe(1);
    expect(refused.err).toContain(`as batch ${id}. Nothing is changed. Undo that batch first`);
    expect((await runCommand('import', 'calls', file, '--dry-run')).status).toBe(1);
    expect(await db('call_batches')).toHaveLength(1);

    const { status, out } = await runCommand('import', 'calls', file, '--again');
    expect(status).toBe(0);
    expect(out).toContain('nothing added: all 2 calls are already there');
    expect(await db('batch_overlaps')).toEqual([{ batch_id: id + 1, earlier_batch_id: id, calls: 2 }]);
  });

  it('is taken again once its batch is undone', async () => {
    const file = await writeCallFile(buildLine());
    const { batch } = await runJson<Result & { files: { batch: number }[] }>('import', 'calls', file).then(
      ({ files }) => files[0] ?? { batch: 0 },
    );
    await runCommand('batch', 'undo', String(batch));
    expect(await runJson('import', 'calls', file)).toMatchObject({ added: 1, duplicates: 0 });
  });

  it('adds what is new where it overlaps another, and of a call that stands twice the first', async () => {
    await importLines([buildLine(), buildLine({ source_id: 'a-2' })]);
    const result = await importLines([
      ...[
        buildLine({ source_id: 'a-2' }),
        buildLine({ source_id: 'a-3', charge: '9' }),
        buildLine({ source_id: 'a-3', charge: '10' }),
      ],
    ]);
    expect(result).toMatchObject({ added: 1, duplicates: 2 });
    expect(await db('calls').sum({ charge: 'charge' }).first()).toEqual({ charge: 800 + 800 + 900 });
  });

  it('gives its good lines where others are bad, which go to a file of their own until it is put right', async () => {
    const file = await writeCallFile(
      buildLine(),
      buildLine({ source_id: 'a-2', duration: '-1', area: '"東京, 港"' }),
      'short,line',
    );
    expect((await runCommand('import', 'calls', file)).status).toBe(2);
    expect(readFileSync(`${file}.rejected.csv`, 'utf8').split('\n')).toEqual([
      `line,reason,${HEADER}`,
      `3,duration: -1 is negative,${buildLine({ source_id: 'a-2', duration: '-1', area: '"東京, 港"' })}`,
      '4,"2 fields, the header has 10",short,line',
      '',
    ]);
    expect(await db('call_batches').first()).toMatchObject({
      records: 3,
      added: 1,
      rejected: 2,
      charge: 800,
    });

    const { copyFile } = await import('node:fs/promises');
    await copyFile(await writeCallFile(buildLine()), file);
    expect((await runCommand('import', 'calls', file)).status).toBe(0);
    expect(existsSync(`${file}.rejected.csv`)).toBe(false);
  });

  it('gives its bad lines once where it overlaps another', async () => {
    await importLines([buildLine()]);
    const bad = buildLine({ source_id: 'a-2', duration: '-1' });
    const file = await writeCallFile(bad, buildLine(), buildLine({ source_id: 'a-3' }));
    expect(await runJson('import', 'calls', file)).toMatchObject({ added: 1, duplicates: 1, rejected: 1 });
    expect(readFileSync(`${file}.rejected.csv`, 'utf8').split('\n')).toHaveLength(3);
  });

  it('may be in CP932, with its columns in another order', async () => {
    const columns = HEADER.split(',').reverse().join(',');
    const values = Object.values({ ...guideFields, area: '髙松～①' })
      .reverse()
      .join(',');
    const file = await writeSourceFile(iconv.encode(`${columns}\r\n${values}`, 'cp932'));
    expect(await runJson('import', 'calls', file)).toMatchObject({ added: 1 });
    expect(await db('areas').where({ name: '髙松～①' })).toHaveLength(1);
  });

  it('is refused by the name of a column that is missing or unknown', async () => {
    const file = await writeSourceFile(`${HEADER.replace('charge', 'price')}\n${buildLine()}\n`);
    const { status, err } = await runCommand('import', 'calls', file);
    expect(status).toBe(1);
    expect(err).toMatch(/column “charge” is missing, column “price” is unknown/);
    expect(err).not.toContain('.ts:');
  });

  it('is refused where it is not there, empty, or of an unknown format or zone', async () => {
    const file = await writeCallFile(buildLine());
    for (const [args, message] of [
      [['none.csv'], /none.csv: there is no such file/],
      [[await writeSourceFile('')], /empty/],
      [[file, '--format', 'telex'], /no format “telex”.*meisai, asterisk/],
      [[file, '--timezone', 'Asia/Edo'], /no time zone “Asia\/Edo”/],
    ] as const) {
      const { status, err } = await runCommand('import', 'calls', ...args);
      expect([status, err]).toEqual([1, expect.stringMatching(message) as string]);
    }
  });

  it('of a header alone adds nothing', async () => {
    expect(await importLines([])).toMatchObject({ added: 0, duplicates: 0 });
  });

  it('moves the version of each month that it changes', async () => {
    await importLines([
      buildLine(),
      buildLine({ source_id: 'a-2', started_at: '2015-06-01T00:00:00+09:00' }),
    ]);
    await importLines([
      buildLine({ source_id: 'a-3' }),
      buildLine({ source_id: 'a-2', started_at: '2015-06-01T00:00:00+09:00' }),
    ]);
    expect(await db('contract_months').orderBy('billing_month').select('billing_month', 'version')).toEqual([
      { billing_month: 201505, version: 2 },
      { billing_month: 201506, version: 1 },
    ]);
  });

  it('is read in chunks', async () => {
    const at = (index: number) =>
      `2015-${String(1 + Math.floor(index / 1000)).padStart(2, '0')}-03T12:00:00Z`;
    const lines = Array.from({ length: 12_000 }, (_, index) =>
      buildLine({ source_id: `b-${index}`, started_at: at(index) }),
    );
    expect(await importLines(lines)).toMatchObject({ added: 12_000, duplicates: 0 });
    expect(await importLines([...lines, buildLine()])).toMatchObject({ added: 1, duplicates: 12_000 });
    expect(await checkSummaries()).toEqual([]);
  });
});

describe('records of Asterisk', () => {
  const importAsterisk = (file: string, ...options: string[]) =>
    runCommand('import', 'calls', file, '--format', 'asterisk', ...options);
  /** A copy, beside which the rejected lines may be written. */
  const copyFixture = (name: string) => writeSourceFile(readFileSync(path.join('test/fixtures', name)));
  const listStoredCalls = () =>
    db('calls')
      .join('phone_numbers', 'phone_numbers.id', 'calls.phone_number_id')
      .join('call_types', 'call_types.id', 'calls.call_type_id')
      .orderBy(['started_at', 'direction'])
      .select('number', 'direction', 'other_number', 'duration', 'line_class', 'code', 'charge');
  const call = (number: string, direction: number, other: string, duration: number, rest: object) => ({
    ...{ number, direction, other_number: other, duration, line_class: 0, charge: 0 },
    ...rest,
  });

  it('of the newer layout become calls from the answer on', async () => {
    const file = await copyFixture('asterisk-newer.csv');
    const { status, out } = await importAsterisk(file, '--tariff', 'sample');
    expect([status, out]).toEqual([
      2,
      expect.stringMatching(/7 calls added.*1 unanswered, 1 rejected/) as string,
    ]);
    expect(await listStoredCalls()).toEqual([
      call('05011112222', 0, '0312345678', 660, { code: 'domestic', charge: 800 }),
      call('05011112222', 0, '201', 300, { code: 'ip', line_class: 1 }),
      call('05011113333', 1, '05011112222', 300, { code: 'ip', line_class: 1 }),
      call('05011113333', 1, '0698765432', 600, { code: 'domestic' }),
      call('05011113333', 1, '', 100, { code: 'domestic' }),
      call('05011112222', 0, '117', 200, { code: 'special', charge: 800 }),
      call('05011112222', 0, '4455', 200, { code: 'ip', line_class: 1 }),
    ]);
    const first = await db('calls').min({ at: 'started_at' }).first();
    expect(first).toEqual({ at: Date.parse('2017-11-05T10:00:07+09:00') / 100 });
  });

  it('of the older layout have 16 to 18 columns', async () => {
    const file = await copyFixture('asterisk-older.csv');
    const { status, out } = await importAsterisk(file, '--tariff', 'sample');
    expect([status, out]).toEqual([0, expect.stringMatching(/2 calls added.*1 unanswered/) as string]);
    expect(await listStoredCalls()).toEqual([
      call('05011112222', 0, '09012345678', 610, { code: 'mobile', charge: 3500 }),
      call('05011112222', 0, '09012345678', 100, { code: 'mobile', charge: 1750 }),
    ]);
    expect((await importAsterisk(file, '--tariff', 'sample', '--again')).out).toContain('nothing added');
  });

  it('are in the zone that is given', async () => {
    await importAsterisk(await copyFixture('asterisk-older.csv'), '--tariff', 'sample', '--timezone', 'UTC');
    const first = await db('calls').min({ at: 'started_at' }).first();
    expect(first).toEqual({ at: Date.parse('2017-11-06T09:00:05Z') / 100 });
  });

  it('need a tariff for calls to the outside, each told by its line', async () => {
    const file = await copyFixture('asterisk-older.csv');
    expect((await importAsterisk(file)).status).toBe(2);
    expect(readFileSync(`${file}.rejected.csv`, 'utf8')).toMatch(/^line,reason\n1,.*no tariff was given/);
  });

  it('are rejected where they are something else', async () => {
    const file = await writeSourceFile('1,2,3\n');
    expect((await importAsterisk(file)).status).toBe(2);
    expect(readFileSync(`${file}.rejected.csv`, 'utf8')).toContain(
      '3 fields: fewer than the 16 of the format',
    );
  });
});

describe('a file of many numbers', () => {
  it('comes in as one of few does', async () => {
    const numbers = Array.from({ length: 1100 }, (_, index) => `0509${String(index).padStart(7, '0')}`);
    await saveTestContract('d2', numbers);
    const lines = numbers.map((number, index) => buildLine({ number, source_id: `m-${index}` }));
    expect(await importLines(lines)).toMatchObject({ added: 1100, duplicates: 0 });
    const more = lines.map((text) => text.replace('m-', 'n-').replaceAll('2015-05-', '2015-06-'));
    expect(await importLines([...lines, ...more, ...more.slice(0, 3)])).toMatchObject({
      added: 1100,
      duplicates: 1103,
    });
    expect(await importLines([...more, ...lines])).toMatchObject({ added: 0, duplicates: 2200 });
    expect(await checkSummaries()).toEqual([]);
    expect(await db('calls').count({ calls: '*' }).first()).toEqual({ calls: 2200 });
  });
});
