import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Knex } from 'knex';
import sqlite3 from 'sqlite3';
import { config, projectRoot } from '../../../config';
import { db, isPostgres, openSingleConnection, queryRows } from '../../../lib/database/db';
import { checkSummaries } from '../../../models/call/call-sums';
import { runCommand, runJson, writeSourceFile } from '../../support/command';
import { saveTestContract } from '../../support/contracts';
import { waitFor } from '../../support/eventually';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const CALLS = 60_000;
const TIMEOUT_MS = 120_000;

const HEADER = 'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge';

let probe: Knex;
let file = '';

const lines = Array.from({ length: CALLS }, (_, index) => {
  const started = new Date(Date.UTC(2017, 9, 28) + index * 10_000).toISOString();
  const number = index % 2 ? '05011112222' : '05011113333';
  return `k-${index},${number},outgoing,${started},60.0,0312345678,,external,domestic,8.00`;
});

beforeAll(async () => {
  await openTestPortal();
  await saveTestContract('d1', ['05011112222', '05011113333']);
  probe = openSingleConnection();
  file = await writeSourceFile([HEADER, ...lines].join('\n'));
  // One call is there before, so that there is something to spoil.
  await runCommand('import', 'calls', await writeSourceFile(`${HEADER}\n${lines[0]}\n`));
});
afterAll(async () => {
  await probe.destroy();
  await closeTestPortal();
});

function startImport(): ChildProcess {
  const command = [path.join(projectRoot, 'bin', 'meisai.cjs'), 'import', 'calls', file];
  return spawn(process.execPath, command, { stdio: 'ignore', env: process.env });
}

/** Whether the import's temporary table has been opened (SQLite: a file that is deleted already), or its session. */
async function isStaging({ pid }: ChildProcess): Promise<boolean> {
  if (isPostgres) {
    const tables = await queryRows(probe, "SELECT 1 FROM pg_class WHERE relname = 'staged_calls'");
    return tables.length > 0;
  }
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).some((name) => readlinkSync(path.join(folder, name)).includes('etilqs_'));
}

/** Whether the import's transaction holds the lock under which it changes calls and sums. */
async function isMerging(): Promise<boolean> {
  if (isPostgres)
    return (
      (await queryRows(probe, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted")).length > 0
    );
  // Not as the portal would, which waits until it may write.
  const connection = new sqlite3.Database(config.DATABASE_URL.slice('sqlite:'.length));
  const run = promisify(connection.exec.bind(connection));
  try {
    await run('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'SQLITE_BUSY';
  } finally {
    await promisify(connection.close.bind(connection))();
  }
}

it.each([
  ['gathers the records', isStaging],
  ['changes calls and sums', isMerging],
])(
  'leaves nothing when it is killed while it %s',
  async (_, isThere) => {
    const child = startImport();
    const exited = once(child, 'exit');
    await waitFor(async () => expect(await isThere(child)).toBe(true), TIMEOUT_MS);
    child.kill('SIGKILL');
    await exited;
    expect(child.signalCode).toBe('SIGKILL');
    // PostgreSQL notices a moment later that its client is gone.
    await waitFor(async () => expect(await isMerging()).toBe(false));

    expect(await db('calls').count({ calls: '*' }).first()).toEqual({ calls: 1 });
    expect(await db('call_batches')).toHaveLength(1);
    expect(await checkSummaries()).toEqual([]);
  },
  TIMEOUT_MS,
);

it(
  'adds what is missing when it runs again',
  async () => {
    expect(await runJson('import', 'calls', file)).toMatchObject({ added: CALLS - 1, duplicates: 1 });
    expect(await db('calls').count({ calls: '*' }).first()).toEqual({ calls: CALLS });
    expect(await checkSummaries()).toEqual([]);
  },
  TIMEOUT_MS,
);
