import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { config } from '../../../config';
import { listBuiltInFormats, loadCallFormat } from '../../../jobs/import/format/load';
import { db } from '../../../lib/database/db';
import { deleteCalls } from '../../support/calls';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { runCommand, runJson, writeSourceFile } from '../../support/command';
import { saveTestContract } from '../../support/contracts';
import { expectSummariesToAgree } from '../../support/summaries';

interface Result {
  added: number;
  duplicates: number;
  unanswered: number;
  rejected: number;
  files: { rejected_file?: string }[];
}

beforeAll(openTestPortal);
beforeEach(async () => {
  await deleteCalls();
  await saveTestContract('d1', ['05011112222:desk;100', '05011113333:shop;201']);
});
afterEach(expectSummariesToAgree);
afterAll(closeTestPortal);

const pickCounts = ({ added, duplicates, unanswered, rejected }: Result) => ({
  added,
  duplicates,
  unanswered,
  rejected,
});

/** Imports a copy of a fixture, and says why lines were rejected: `4: reason`. */
async function importFile(content: string | Buffer, format: string, ...options: string[]) {
  const result = await runJson<Result>(
    'import',
    'calls',
    await writeSourceFile(content),
    '--format',
    format,
    ...options,
  );
  const [{ rejected_file = '' } = {}] = result.files;
  const lines = rejected_file && readFileSync(rejected_file, 'utf8').trim().split('\n').slice(1).join('\n');
  return { ...pickCounts(result), reasons: lines };
}

const readFixture = (name: string): Buffer => readFileSync(path.join('test/fixtures/cdr', name));

/** Number, direction, start in Japan, 0.1 s, other number, line class, call type, 1/100 yen. */
async function listStoredCalls(): Promise<string[]> {
  const calls = await db('calls')
    .join('phone_numbers', 'phone_numbers.id', 'calls.phone_number_id')
    .join('call_types', 'call_types.id', 'calls.call_type_id')
    .orderBy(['started_at', 'direction'])
    .select<Record<string, string | number>[]>('calls.*', 'number', 'code');
  return calls.map(({ number, direction, started_at, duration, other_number, line_class, code, charge }) => {
    const at = new Date(Number(started_at) * 100).toLocaleString('sv', { timeZone: 'Asia/Tokyo' });
    const way = direction === 0 ? 'to' : 'from';
    return `${number} ${at} ${duration} ${way} ${other_number === '' ? '-' : other_number}${line_class ? ' internal' : ''} ${code} ${charge}`;
  });
}

describe('FreeSWITCH', () => {
  it('in CSV: a record twice is one call, two calls of one id are two, what contradicts itself is none', async () => {
    expect(await importFile(readFixture('freeswitch.csv'), 'freeswitch', '--tariff', 'sample')).toEqual({
      ...{ added: 3, duplicates: 1, unanswered: 1, rejected: 2 },
      reasons: expect.stringMatching(
        /^5,called: &.*\n8,"duration: 600 s, but from start to end it is 10 s"/,
      ) as string,
    });
    expect(await listStoredCalls()).toEqual([
      '05011112222 2017-11-05 10:00:07 660 to 0312345678 domestic 800',
      '05011112222 2017-11-05 11:00:07 660 to 0698765432 domestic 800',
      '05011113333 2017-11-05 14:00:02 100 from - domestic 0',
    ]);
  });

  it('in CSV of a spreadsheet: other columns, semicolons, minutes only, CRLF, blank lines, no end', async () => {
    expect(
      await importFile(readFixture('freeswitch-spreadsheet.csv'), 'freeswitch-csv', '--tariff', 'sample'),
    ).toMatchObject({ added: 3, rejected: 0 });
    expect(await listStoredCalls()).toEqual([
      '05011112222 2017-11-05 09:00:00 610 to 05011113333 internal ip 800',
      '05011113333 2017-11-05 09:00:00 610 from 05011112222 internal ip 0',
      '05011112222 2017-11-05 09:10:00 310 to 14155552671 international 900',
    ]);
  });

  it('in JSON: microseconds, percent signs, one after the other, and a record cut short', async () => {
    const result = await importFile(readFixture('freeswitch.json'), 'freeswitch', '--tariff', 'sample');
    expect(result).toMatchObject({ added: 2, unanswered: 1, rejected: 1 });
    expect(result.reasons).toMatch(/^15,not a JSON object/);
    expect(await listStoredCalls()).toEqual([
      '05011112222 2017-11-05 10:00:07 656 to 0312345678 domestic 800',
      '05011113333 2017-11-05 11:00:07 100 from 0312345678 domestic 0',
    ]);
  });

  it('in JSON: an array, too', async () => {
    const buildRecord = (uuid: string) =>
      `{"variables":{"uuid":"${uuid}","answer_epoch":"1509847207","billsec":"10","sip_from_user":"desk","sip_to_user":"0312345678"}}`;
    const array = `[${buildRecord('a')},\n  ${buildRecord('b')}]\n`;
    expect(await importFile(array, 'freeswitch', '--tariff', 'sample')).toMatchObject({ added: 2 });
  });
});

describe('CGRateS', () => {
  it('brings its cost, in any zone, once for all runs', async () => {
    expect(await importFile(readFixture('cgrates.csv'), 'cgrates')).toMatchObject({
      added: 2,
      unanswered: 1,
      rejected: 1,
    });
    expect(await listStoredCalls()).toEqual([
      '05011112222 2017-11-05 10:00:00 660 to 0312345678 domestic 800',
      '05011112222 2017-11-05 11:00:00 615 to 14155552671 international 1813',
    ]);
    expect(await importFile(readFixture('cgrates-header.csv'), 'cgrates')).toMatchObject({
      added: 0,
      duplicates: 1,
    });
  });

  it('leaves to the tariff what it has not rated', async () => {
    await importFile(readFixture('cgrates.csv'), 'cgrates', '--tariff', 'sample');
    expect((await listStoredCalls())[2]).toBe(
      '05011112222 2017-11-05 12:00:00 610 to 09012345678 mobile 3500',
    );
  });
});

it('Kamailio: pairs INVITE and BYE in whatever order, and says what has no other half', async () => {
  const result = await importFile(readFixture('kamailio.log'), 'kamailio', '--tariff', 'sample');
  expect(result).toMatchObject({ added: 3, duplicates: 2, unanswered: 1, rejected: 2 });
  expect(result.reasons).toMatch(/^4,the record that ends this call is missing.*\n6,the record that begins/);
  expect(await listStoredCalls()).toEqual([
    '05011112222 2017-11-05 10:00:00 120 to 05011113333 internal ip 800',
    '05011113333 2017-11-05 10:00:00 120 from 05011112222 internal ip 0',
    '05011113333 2017-11-05 10:01:40 50 from - domestic 0',
  ]);
});

it('Asterisk: a table of cdr with a header, where only the start is known', async () => {
  expect(
    await importFile(readFixture('asterisk-header.csv'), 'asterisk', '--tariff', 'sample'),
  ).toMatchObject({
    ...{ added: 1, unanswered: 1, rejected: 0 },
  });
  expect(await listStoredCalls()).toEqual(['05011112222 2017-11-05 10:00:07 660 to 0312345678 domestic 800']);
});

describe('a format of the operator', () => {
  const own = 'test/fixtures/cdr/own-format.json';

  it('is taken by its path: other zone, quotes, prices of three decimals, ids used twice, an hour that is not', async () => {
    const result = await importFile(readFixture('own-format.csv'), own);
    expect(result).toMatchObject({ added: 2, unanswered: 1, rejected: 2 });
    expect(result.reasons).toMatch(
      /3,started_at: 26.03.2017 02:30:00 is not a time in Europe\/Berlin.*\n4,.*no tariff/,
    );
    expect(await listStoredCalls()).toEqual([
      '05011112222 2017-11-05 18:00:00 660 to 0312345678 domestic 813',
      '05011112222 2017-11-05 19:00:00 660 to 0698765432 domestic 812',
    ]);
    expect(await importFile(readFixture('own-format.csv'), own, '--again')).toMatchObject({
      added: 0,
      duplicates: 2,
    });
  });

  const writeFormat = (changes: object): string => {
    const file = path.join(config.DATA_DIR, 'format.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(own, 'utf8')) as object), ...changes }));
    return file;
  };

  it.each<[object, RegExp]>([
    [{ called: undefined }, /either caller and called, or number/],
    [{ started_at: { column: 4, time: 'yesterday' } }, /started_at\.time: seconds, milliseconds/],
    [{ duration: { column: 5, unit: 'hours' } }, /duration\.unit/],
    [{ id: [] }, /id:/],
    [{ delimter: ',' }, /delimter/],
    [{ zone: 'Asia/Edo' }, /zone: not a time zone/],
    [{ answered_if: [{ of: 7, matches: '(' }] }, /not a regular expression/],
    [{ answered_if: [{ of: 7, matches: 'A', matches_not: 'B' }] }, /give either matches or matches_not/],
    [{ id: ['callid'] }, /columns are numbers, not “callid”/],
    [{ layouts: [{ columns: ['a'] }], id: ['callid'] }, /no layout has a column “callid”/],
    [{ duration: undefined }, /give duration or ended_at/],
  ])('with %j is refused with its reason', (changes, reason) => {
    expect(() => loadCallFormat(writeFormat(changes), '')).toThrow(reason);
  });

  it('is refused where it is no JSON, or not there', () => {
    expect(() => loadCallFormat('test/fixtures/cdr/own-format.csv', '')).toThrow(/is not JSON/);
    expect(() => loadCallFormat('./none.json', '')).toThrow(/no such format file/);
  });
});

it.each(listBuiltInFormats())('the format %s that is built in can be read', (name) => {
  expect(loadCallFormat(name, '').description).toBeDefined();
});

describe('--dry-run', () => {
  it('shows what would be stored and rejected, and changes nothing', async () => {
    const file = await writeSourceFile(readFixture('freeswitch.csv'));
    const args = ['import', 'calls', file, '--format', 'freeswitch', '--tariff', 'sample', '--dry-run'];
    const areas = await db('areas');
    const { status, out } = await runCommand(...args);
    expect([status, out]).toEqual([
      2,
      expect.stringContaining('3 calls would be added, 1 already there') as string,
    ]);
    expect(out).toContain(
      '201711  050-1111-2222  発信  11/05(日)10時00分07.0秒  03-1234-5678  東京  外線  国内呼',
    );
    expect(out).toContain('line 5 rejected: called: &');
    expect(existsSync(`${file}.rejected.csv`)).toBe(false);
    for (const table of ['calls', 'call_batches']) expect(await db(table)).toEqual([]);
    expect(await db('areas')).toEqual(areas);

    await runCommand(...args.slice(0, -1));
    expect((await runJson<Result>(...args, '--again')).duplicates).toBe(4);
  });
});

describe('records as switches write them', () => {
  it.each([
    ['asterisk-quotes.csv', 'asterisk', { added: 4, unanswered: 1, rejected: 0 }],
    ['freeswitch-minutes.csv', 'freeswitch', { added: 2, unanswered: 1, rejected: 3 }],
    ['freeswitch-whole.json', 'freeswitch', { added: 2, unanswered: 0, rejected: 0 }],
    ['cgrates.csv', 'cgrates', { added: 2, unanswered: 1, rejected: 1 }],
    ['kamailio.log', 'kamailio', { added: 3, unanswered: 1, rejected: 2 }],
  ])('%s comes in, and adds nothing the second time', async (name, format, expected) => {
    const content = readFixture(name);
    const importIt = (...options: string[]) =>
      importFile(content, format, ...(format === 'cgrates' ? [] : ['--tariff', 'sample']), ...options);
    expect(await importIt()).toMatchObject(expected);
    expect(await importIt('--again')).toMatchObject({ added: 0, rejected: expected.rejected });
  });
});
