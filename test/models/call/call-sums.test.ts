import { CallImport } from '../../../models/call/call-import';
import { db } from '../../../lib/database/db';
import { checkSummaries, MIN_CALLS_FOR_HOURS, rebuildSummaries } from '../../../models/call/call-sums';
import { runCommand, runJson, writeSourceFile } from '../../support/command';
import { saveTestContract } from '../../support/contracts';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const SUMS = ['number_days', 'number_sums', 'contract_sums'];

const lines = [
  'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge',
  'a-1,05011112222,outgoing,2017-10-31T23:30:00.0+09:00,60.0,0312345678,東京,external,domestic,8.00',
  'a-2,05011112222,outgoing,2017-10-31T23:59:30.0+09:00,60.0,0312345678,東京,external,domestic,8.00',
  'a-3,05011112222,incoming,2017-11-01T08:59:59.9+09:00,30.5,0312345678,東京,external,domestic,0',
  'a-4,05011113333,outgoing,2017-11-01T09:00:00.0+09:00,1.0,09012345678,携帯電話,external,mobile,17.50',
  'a-5,05011113333,outgoing,2017-11-01T09:30:00.0+09:00,1.0,104,番号案内,external,directory,60',
];

beforeAll(async () => {
  await openTestPortal();
  await saveTestContract('d1', ['05011112222', '05011113333']);
  await runCommand('import', 'calls', await writeSourceFile(lines.join('\n')));
});
afterAll(closeTestPortal);

it('sums calls by contract, number, day and hour of Japan', async () => {
  const sums = await db('contract_sums')
    .join('call_types', 'call_types.id', 'contract_sums.call_type_id')
    .orderBy(['billing_month', 'direction', 'code'])
    .select('billing_month', 'direction', 'code', 'calls', 'duration', 'charge');
  expect(sums.map((row: Record<string, unknown>) => Object.values(row))).toEqual([
    [201710, 0, 'domestic', 1, 600, 800],
    [201711, 0, 'directory', 1, 0, 6000],
    [201711, 0, 'domestic', 1, 600, 800],
    [201711, 0, 'mobile', 1, 10, 1750],
    [201711, 1, 'domestic', 1, 305, 0],
  ]);
  const day = Date.parse('2017-10-31T00:00:00Z') / 86_400_000;
  const days = await db('number_days')
    .where({ billing_month: 201711 })
    .orderBy(['day', 'charge'])
    .select('day', 'charge');
  expect(days).toEqual([
    { day, charge: 800 },
    { day: day + 1, charge: 0 },
    { day: day + 1, charge: 1750 },
    { day: day + 1, charge: 6000 },
  ]);
});

describe('the sums by hour', () => {
  const lineOf = (id: string, time: string) =>
    `${id},05011112222,outgoing,2017-12-01T${time}+09:00,60.0,0312345678,,external,domestic,8.00`;
  const importLines = async (...calls: string[]) => {
    const file = await writeSourceFile([lines[0], ...calls].join('\n'));
    const { files } = await runJson<{ files: { batch: number }[] }>('import', 'calls', file);
    return String(files[0]?.batch);
  };
  const listHours = () =>
    db('contract_hours').where({ billing_month: 201712 }).orderBy('hour').pluck('calls');
  const many = Array.from({ length: MIN_CALLS_FOR_HOURS - 2 }, (_, index) =>
    lineOf(`m-${index}`, '10:00:00'),
  );

  it('begin when a contract has that many calls in a month, and end when it has fewer', async () => {
    await importLines(...many);
    expect(await listHours()).toEqual([]);
    const second = await importLines(lineOf('n-1', '11:00:00'), lineOf('n-2', '11:30:00'));
    expect(await listHours()).toEqual([MIN_CALLS_FOR_HOURS - 2, 2]);
    const third = await importLines(lineOf('n-3', '11:40:00'), lineOf('n-4', '12:00:00'));
    expect(await listHours()).toEqual([MIN_CALLS_FOR_HOURS - 2, 3, 1]);
    expect(await checkSummaries()).toEqual([]);
    await runCommand('batch', 'undo', third);
    expect(await listHours()).toEqual([MIN_CALLS_FOR_HOURS - 2, 2]);
    expect(await checkSummaries()).toEqual([]);
    await runCommand('batch', 'undo', second);
    expect(await listHours()).toEqual([]);
    expect(await checkSummaries()).toEqual([]);
  });
});

it('agrees with the calls after an import', async () => {
  expect(await checkSummaries()).toEqual([]);
  expect(await runCommand('sums', 'check')).toMatchObject({
    status: 0,
    out: 'The sums agree with the calls\n',
  });
});

it.each(SUMS)(
  'is found out where %s is wrong, has a row too many or lacks one, and is rebuilt',
  async (table) => {
    const before = await db(table).orderBy(['billing_month', 'calls']);
    const [row] = before as Record<string, number>[];
    await db(table)
      .where({ ...row })
      .update({ calls: 7 });
    expect(await checkSummaries()).toEqual([expect.objectContaining({ table, calls: 6 })]);
    await db(table).delete();
    await db(table).insert({ ...row, billing_month: 201601 });
    expect((await checkSummaries()).length).toBe(before.length + 1);
    expect(await runCommand('sums', 'check')).toMatchObject({ status: 1 });

    expect(await runCommand('sums', 'rebuild')).toMatchObject({ status: 0 });

    expect(await checkSummaries()).toEqual([]);
    const toSortedJson = (rows: unknown[]) => rows.map((each) => JSON.stringify(each)).sort();
    expect(toSortedJson(await db(table))).toEqual(toSortedJson(before));
  },
);

it('tells the files of the months when it is rebuilt', async () => {
  const getVersion = async () =>
    (await db('contract_months').where({ billing_month: 201711 }).first<{ version: number }>()).version;
  const before = await getVersion();
  await rebuildSummaries();
  expect(await getVersion()).toBe(before + 1);
});

it('never takes part of a batch: when the transaction fails, calls and sums stay as they are', async () => {
  const calls = await db('calls').count({ calls: '*' }).first();
  const callType = { id: 1, code: 'domestic', label: '', counted: false } as never;
  const common = {
    contract_id: 1,
    phone_number_id: 1,
    direction: 0,
    duration: 10,
    line_class: 0,
    call_type: callType,
    charge: 1,
  };
  const staging = await CallImport.open();
  try {
    const call = {
      ...common,
      started_at: 15_000_000_000,
      other_number: '1',
      area: 'x',
      source_line: 2,
      content: 1,
    };
    await staging.addAll([{ ...call, source: 'ab'.repeat(8) }]);
    const batch = {
      file_name: 'x',
      sha256: '',
      format: 'x',
      imported_at: 0,
      records: 1,
      unanswered: 0,
      rejected: 0,
    };
    await expect(staging.merge({ ...batch, imported_by: null as never })).rejects.toThrow();
  } finally {
    await staging.close();
  }
  expect(await db('calls').count({ calls: '*' }).first()).toEqual(calls);
  expect(await checkSummaries()).toEqual([]);
});
