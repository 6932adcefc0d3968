import { db } from '../../../lib/database/db';
import { digestOldIdentity } from '../../../models/call/call-identity';
import { deleteCalls } from '../../support/calls';
import { runCommand, runJson, writeSourceFile } from '../../support/command';
import { saveTestContract } from '../../support/contracts';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { expectSummariesToAgree } from '../../support/summaries';

interface Imported {
  added: number;
  duplicates: number;
  differing: number;
  replaced: number;
  files: { batch?: number; differences: { line: number; batch: number | null }[] }[];
}

const HEADER = 'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge';
const line = (id: string, started_at: string, duration = '60.0', charge = '8.00'): string =>
  `${id},05011112222,outgoing,${started_at},${duration},0312345678,,external,domestic,${charge}`;

const writeLines = (...lines: string[]) => writeSourceFile([HEADER, ...lines].join('\n'));
const importLines = async (lines: string[], ...options: string[]): Promise<Imported> =>
  runJson<Imported>('import', 'calls', await writeLines(...lines), ...options);

/** A format of one's own: id; caller; called; start; seconds; yen. */
const format = {
  delimiter: ';',
  switch: 'pbx',
  zone: 'Asia/Tokyo',
  id: [1],
  caller: { number: 2 },
  called: { number: 3 },
  started_at: { column: 4, time: 'yyyy-MM-dd HH:mm:ss' },
  duration: { column: 5, unit: 'seconds' },
  charge: { column: 6, unit: 'yen' },
};
const writeFormat = (changes: object = {}) => writeSourceFile(JSON.stringify({ ...format, ...changes }));
const importRecords = async (
  records: string[],
  formatFile: string,
  ...options: string[]
): Promise<Imported> =>
  runJson<Imported>(
    ...['import', 'calls', await writeSourceFile(`${records.join('\n')}\n`), '--format', formatFile],
    ...options,
  );

beforeAll(openTestPortal);
beforeEach(async () => {
  await deleteCalls();
  await saveTestContract('d1', ['05011112222', '05011113333']);
});
afterEach(expectSummariesToAgree);
afterAll(closeTestPortal);

describe('an id that is never used twice', () => {
  it('is one call, whatever its day and month, in one file and in another', async () => {
    const lines = [
      line('x1', '2017-10-31T23:59:50+09:00', '5.0'),
      line('x1', '2017-10-31T23:59:50+09:00', '20.0'),
    ];
    expect(await importLines(lines)).toMatchObject({ added: 1, duplicates: 1, differing: 1 });
    const later = line('x1', '2017-11-05T10:00:00+09:00');
    expect(await importLines([later])).toMatchObject({ added: 0, duplicates: 1, differing: 1 });
    expect(await db('calls').select('billing_month', 'duration')).toEqual([
      { billing_month: 201710, duration: 50 },
    ]);
  });

  it('is two calls where the record has two sides', async () => {
    const outgoing = line('x1', '2017-11-05T10:00:00+09:00');
    expect(await importLines([outgoing, outgoing.replace('outgoing', 'incoming')])).toMatchObject({
      added: 2,
    });
  });
});

describe('a known call whose record says something else', () => {
  it('is told by line and by what differs, and kept', async () => {
    const { files } = await importLines([line('x1', '2017-11-05T10:00:00+09:00')]);
    const changed = await writeLines(
      line('x0', '2017-11-05T09:00:00+09:00'),
      line('x1', '2017-11-05T10:00:00+09:00', '120.0', '16.00'),
    );
    const { status, out } = await runCommand('import', 'calls', changed);
    expect(status).toBe(2);
    expect(out).toContain(
      `line 3: the call is already there (batch ${files[0]?.batch}), but ` +
        'duration 0時間01分00.0秒 is stored and 0時間02分00.0秒 given, charge 8.00円 is stored and 16.00円 given',
    );
    expect(await db('calls').orderBy('started_at').pluck('charge')).toEqual([800, 800]);
  });

  it('takes its place with --replace, and moves the sums and the month', async () => {
    await importLines([line('x1', '2017-11-05T10:00:00+09:00'), line('x2', '2017-11-06T10:00:00+09:00')]);
    const changed = [
      line('x1', '2017-10-05T10:00:00+09:00', '120.0', '16.00'),
      line('x2', '2017-11-06T10:00:00+09:00'),
    ];
    expect(await importLines(changed, '--replace')).toMatchObject({
      added: 1,
      duplicates: 1,
      replaced: 1,
      differing: 0,
    });
    expect(
      await db('contract_sums').orderBy('billing_month').select('billing_month', 'calls', 'charge'),
    ).toEqual([
      { billing_month: 201710, calls: 1, charge: 1600 },
      { billing_month: 201711, calls: 1, charge: 800 },
    ]);
    expect(await db('call_sources').count({ n: '*' }).first()).toEqual({ n: 2 });
    expect(await importLines([...changed, line('x3', '2017-11-07T10:00:00+09:00')])).toMatchObject({
      ...{ added: 1, duplicates: 2, differing: 0 },
    });
  });

  it('is counted by a dry run, which changes nothing', async () => {
    await importLines([line('x1', '2017-11-05T10:00:00+09:00')]);
    const changed = [line('x1', '2017-11-05T10:00:00+09:00', '120.0')];
    expect(await importLines(changed, '--dry-run')).toMatchObject({ added: 0, duplicates: 1, differing: 1 });
    expect(await importLines(changed, '--dry-run', '--replace')).toMatchObject({ added: 1, replaced: 1 });
    expect(await db('calls').pluck('duration')).toEqual([600]);
  });
});

describe('a record of a switch', () => {
  const records = [
    '7;05011112222;0312345678;2017-11-05 10:00:00;60;8',
    '8;05011112222;0312345678;2017-11-05 11:00:00;60;8',
  ];

  it('is the same call whatever the name, the zone and the repair of its format', async () => {
    await importRecords(records, await writeFormat());
    const mended = { description: 'mended', charge: { column: 6, unit: 'yen', round: 'half_up' } };
    for (const changes of [{}, { zone: 'Europe/Berlin' }, mended])
      expect(
        await importRecords([...records, ''].reverse(), await writeFormat(changes), '--again'),
      ).toMatchObject({ added: 0, duplicates: 2 });
    expect(await importRecords(records, await writeFormat(), '--again', '--timezone', 'UTC')).toMatchObject({
      ...{ added: 0, duplicates: 2, differing: 2 },
    });
    expect(await db('calls').count({ n: '*' }).first()).toEqual({ n: 2 });
  });

  it('is another call where a counter begins anew, and where another machine of the kind wrote it', async () => {
    await importRecords(records, await writeFormat());
    const restarted = ['7;05011112222;0312345678;2017-11-06 10:00:00;60;8'];
    expect(await importRecords(restarted, await writeFormat())).toMatchObject({ added: 1 });
    expect(await importRecords(records, await writeFormat(), '--again', '--switch', 'pbx-2')).toMatchObject({
      added: 2,
    });
    expect(await importRecords(records, await writeFormat(), '--again', '--switch', 'pbx-2')).toMatchObject({
      added: 0,
    });
  });

  it('between two lines of ours is two calls, each once', async () => {
    const internal = ['9;05011112222;05011113333;2017-11-05 12:00:00;60;8'];
    expect(await importRecords(internal, await writeFormat())).toMatchObject({ added: 2 });
    expect(await importRecords([...internal, ...records], await writeFormat())).toMatchObject({
      added: 2,
      duplicates: 2,
    });
  });

  it('without an id is known by all of its fields', async () => {
    const nameless = [
      ';05011112222;0312345678;2017-11-05 10:00:00;60;8',
      ';05011112222;0312345678;2017-11-05 10:00:00;61;8',
    ];
    expect(await importRecords([...nameless, nameless[0] ?? ''], await writeFormat())).toMatchObject({
      ...{ added: 2, duplicates: 1, differing: 0 },
    });
  });

  it('needs the name of its switch', async () => {
    const file = await writeSourceFile(records.join('\n'));
    const unnamed = await writeFormat({ switch: undefined });
    const { status, err } = await runCommand('import', 'calls', file, '--format', unnamed);
    expect([status, err]).toEqual([1, expect.stringContaining('names no switch') as string]);
    expect(await runJson('import', 'calls', file, '--format', unnamed, '--switch', 'pbx')).toMatchObject({
      added: 2,
    });
  });
});

it('a call that begins later than tomorrow is rejected', async () => {
  const file = await writeLines(line('x1', '2037-11-05T10:00:00+09:00'));
  expect(await runCommand('import', 'calls', file)).toMatchObject({ status: 2 });
  expect(await db('calls')).toEqual([]);
});

describe('calls of version 0.1.0', () => {
  const known = line('x1', '2017-11-05T10:00:00+09:00');

  /** Gives the one batch and its calls what that version stored. */
  async function makeOld(): Promise<number> {
    const { id } = await db('call_batches').first<{ id: number }>('id');
    await db('call_batches').update({ identity_version: 1 });
    const started_at = Date.parse('2017-11-05T10:00:00+09:00') / 100;
    const source = Buffer.from(digestOldIdentity('meisai', 'x1', started_at), 'latin1');
    await db('call_sources').update({ content: null, source });
    await db('calls').update({ source_line: null });
    return id;
  }

  it('are recognised by what they say, and by the id of that version', async () => {
    await importLines([known]);
    const batch = await makeOld();
    expect(await importLines([known, line('x2', '2017-11-06T10:00:00+09:00')])).toMatchObject({
      ...{ added: 1, duplicates: 1, differing: 0 },
    });
    expect(await importLines([line('x1', '2017-11-05T10:00:00+09:00', '61.0')])).toMatchObject({
      ...{ added: 0, duplicates: 1, differing: 1 },
      files: [{ differences: [{ line: 2, batch }] }],
    });
  });

  it('are recognised although the switch gives them another id now', async () => {
    await importLines([known]);
    await makeOld();
    expect(await importLines([known.replace('x1', 'other')])).toMatchObject({
      added: 0,
      duplicates: 1,
      differing: 0,
    });
  });
});

it('the line of the file and the rate are kept with each call', async () => {
  await importLines(
    [line('x1', '2017-11-05T10:00:00+09:00'), line('x2', '2017-11-05T11:00:00+09:00', '60.0', '')],
    '--tariff',
    'sample',
  );
  const calls = await db('calls')
    .orderBy('started_at')
    .select<{ source_line: number; rate_id: number | null }[]>('source_line', 'rate_id');
  expect(calls.map(({ source_line }) => source_line)).toEqual([2, 3]);
  expect(calls[0]?.rate_id).toBeNull();
  expect(
    await db('tariff_rates')
      .where({ id: calls[1]?.rate_id ?? 0 })
      .first(),
  ).toMatchObject({ prefix: '0' });
});
