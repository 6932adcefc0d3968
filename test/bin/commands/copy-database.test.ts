import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Client } from 'pg';
import { config, projectRoot } from '../../../config';
import { db } from '../../../lib/database/db';
import { runCommand, writeSourceFile } from '../../support/command';
import { createScratchDatabase, dropScratchDatabase } from '../../kit/scratch-database';

const server = process.env.TEST_DATABASE_URL;
const source = `sqlite:${path.join(config.DATA_DIR, 'source.sqlite3')}`;
let target = '';

/** Another portal's command. */
function runMeisaiOn(database: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(projectRoot, 'dist', 'bin', 'meisai.js'), ...args],
    { env: { ...process.env, DATABASE_URL: database }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

async function fillSource(): Promise<void> {
  const contract =
    'd000000001,d000000001,autocall,1,0,2015-04-01,ダイヤルイン接続\tA\\B,192.0.2.53,198.51.100.53,';
  const contracts = await writeSourceFile(
    `contract_code,customer_number,service,channels,extra_dialin_numbers,start_date,connection_type,primary_dns,secondary_dns,options\n${contract}\n`,
  );
  const numbers = await writeSourceFile(
    'contract_code,number,kind,aliases\nd000000001,05011112222,contract,desk\n',
  );
  const lines = Array.from({ length: 6000 }, (_, index) => {
    const month = index % 2 ? '10' : '11';
    return `c-${index},05011112222,outgoing,2017-${month}-05T12:00:00+09:00,60,0312345678,東京,external,domestic,8.00`;
  });
  const header =
    'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge';
  runMeisaiOn(source, 'import', 'contracts', contracts);
  runMeisaiOn(source, 'import', 'numbers', numbers);
  runMeisaiOn(source, 'import', 'calls', await writeSourceFile([header, ...lines].join('\n')));
  runMeisaiOn(source, 'account', 'issue', 'd000000001');
}

async function queryTarget(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: target });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

afterAll(() => db.destroy());

it.each([
  [['postgres://127.0.0.1/a', 'postgres://127.0.0.1/b'], /from sqlite:PATH to postgres/],
  [
    [`sqlite:${path.join(config.DATA_DIR, 'none.sqlite3')}`, 'postgres://127.0.0.1/b'],
    /there is no such file/,
  ],
])('refuses %j', async (databases, message) => {
  const { status, err } = await runCommand('copy-database', ...databases);
  expect([status, err]).toEqual([1, expect.stringMatching(message)]);
});

const onPostgres = server ? describe : describe.skip;

onPostgres('from SQLite to PostgreSQL', () => {
  beforeAll(async () => {
    target = await createScratchDatabase(server ?? '', 'test');
    await fillSource();
  }, 60_000);
  afterAll(() => dropScratchDatabase(target));

  it('copies everything, once', async () => {
    const { status, out } = await runCommand('copy-database', source, target);
    expect([status, out]).toEqual([0, expect.stringMatching(/counts and sums agree/)]);
    expect(await queryTarget('SELECT count(*) AS calls, sum(charge) AS charge FROM calls_201710')).toEqual([
      { calls: 3000, charge: 2_400_000 },
    ]);
    expect(await queryTarget('SELECT connection_type FROM contracts')).toEqual([
      { connection_type: 'ダイヤルイン接続\tA\\B' },
    ]);
    expect(runMeisaiOn(target, 'sums', 'check')).toContain('The sums agree with the calls');
    const again = await runCommand('copy-database', source, target);
    expect([again.status, again.err]).toEqual([1, expect.stringMatching(/not empty: it has contracts/)]);
  });

  it('leaves a database in which one can go on', async () => {
    const calls = await writeSourceFile(
      'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge\n' +
        'c-0,05011112222,outgoing,2017-11-05T12:00:00+09:00,60,0312345678,東京,external,domestic,8.00\n' +
        'new,05011112222,outgoing,2017-12-05T12:00:00+09:00,60,0312345678,横浜,external,domestic,8.00\n',
    );
    const result = JSON.parse(runMeisaiOn(target, 'import', 'calls', calls, '--json')) as object;
    expect(result).toMatchObject({ added: 1, duplicates: 1 });
  });
});
