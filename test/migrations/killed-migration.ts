import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { knex } from 'knex';
import { config, projectRoot } from '../../config';
import { buildKnexSettings } from '../../lib/database/knex-settings';
import { createScratchDatabase, dropScratchDatabase } from '../kit/scratch-database';
import { loadStoredDatabase } from './stored-database';

// A migration of some 100,000 calls is killed at random moments, and run again. `npm run check:long` runs this, as it takes
// minutes.

const KILLS = 20;
const COPIES = 60;
const MEISAI = path.join(projectRoot, 'dist', 'bin', 'meisai.js');
const server = process.env.TEST_DATABASE_URL;
const template = config.DATABASE_URL;

type Sums = Record<string, string>;

/** Each call so many times: all columns stay as they are, but for the two that are keys. */
async function multiplyCalls(url: string): Promise<void> {
  const db = knex(buildKnexSettings(url));
  try {
    const columns = Object.keys(await db('calls').columnInfo()).filter(
      (name) => !['id', 'source'].includes(name),
    );
    const source = server
      ? "substr(source, 1, 2) || decode(md5(source::text || i), 'hex')"
      : "CAST(substr(source, 1, 2) || printf('%06d', i) || substr(source, 3) AS blob)";
    await db.raw(`
      INSERT INTO calls (${columns.join(', ')}, id, source)
      WITH RECURSIVE copies (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM copies WHERE i < ${COPIES})
      SELECT ${columns.join(', ')}, id + i * 10000000, ${source} FROM calls, copies`);
  } finally {
    await db.destroy();
  }
}

/** What must be the same before and after: of calls, by month and contract, and of their sums. */
async function readSums(url: string): Promise<Sums> {
  const db = knex(buildKnexSettings(url));
  try {
    const measure = async (table: string, sums: string[]) => {
      const columns = sums.map((sum) => db.raw('sum(??) AS ??', [sum, sum]));
      const rows = await db(table)
        .groupBy('billing_month', 'contract_id')
        .orderBy(['billing_month', 'contract_id'])
        .select<object[]>('billing_month', 'contract_id', db.raw('count(*) AS n'), ...columns);
      return rows.map((row) => JSON.stringify(row)).join('\n');
    };
    return {
      calls: await measure('calls', ['duration', 'charge', 'started_at', 'id']),
      contract_sums: await measure('contract_sums', ['calls', 'duration', 'charge']),
      number_sums: await measure('number_sums', ['calls', 'duration', 'charge']),
    };
  } finally {
    await db.destroy();
  }
}

const startMigration = (url: string) =>
  spawn(process.execPath, [MEISAI, 'migrate'], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });

async function migrate(url: string): Promise<void> {
  const [code] = (await once(startMigration(url), 'exit')) as [number | null];
  expect(code).toBe(0);
}

/** Returns whether the kill came before the end. */
async function killMigration(url: string, milliseconds: number): Promise<boolean> {
  const child = startMigration(url);
  const ended = once(child, 'exit');
  await Promise.race([ended, delay(milliseconds)]);
  child.kill('SIGKILL');
  await ended;
  return child.signalCode === 'SIGKILL';
}

let copies = 0;

/** A copy of the database that has not been migrated. */
async function copyTemplate(): Promise<string> {
  if (server) {
    const name = new URL(template).pathname.slice(1);
    return createScratchDatabase(server, 'test', name);
  }
  copies += 1;
  const url = `${template}.${copies}`;
  copyFileSync(template.slice('sqlite:'.length), url.slice('sqlite:'.length));
  return url;
}

async function dropCopy(url: string): Promise<void> {
  if (server) await dropScratchDatabase(url);
  else for (const end of ['', '-wal', '-shm']) rmSync(url.slice('sqlite:'.length) + end, { force: true });
}

it('loses nothing and doubles nothing, whenever it is killed', async () => {
  await loadStoredDatabase('0.1.0', template);
  await multiplyCalls(template);
  const before = await readSums(template);
  const rehearsal = await copyTemplate();
  const started = performance.now();
  await migrate(rehearsal);
  const most = performance.now() - started;
  expect(await readSums(rehearsal)).toEqual(before);
  let kills = 0;
  let tries = 0;
  while (kills < KILLS) {
    const url = await copyTemplate();
    tries += 1;
    // A try counts only if the kill came before the end.
    if (await killMigration(url, Math.random() * most)) kills += 1;
    await migrate(url);
    expect(await readSums(url)).toEqual(before);
    await dropCopy(url);
  }
  process.stderr.write(`${kills} of ${tries} tries were killed before the end, of ${Math.round(most)} ms\n`);
  await dropCopy(rehearsal);
}, 900_000);
