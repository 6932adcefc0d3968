import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { formatCommandFailure } from '../../bin/error-text';
import { projectRoot } from '../../config';
import { db, isPostgres } from '../../lib/database/db';
import { writeSourceFile } from '../support/command';
import { saveTestContract } from '../support/contracts';
import { closeTestPortal, openTestPortal } from '../support/portal';

const HEADER = 'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge';
const CALLS = 20_000;

beforeAll(async () => {
  await openTestPortal();
  await saveTestContract('d1', ['05011112222']);
});
afterAll(closeTestPortal);

/** Runs `meisai …` in a process of its own, by a line of shell before it. Gives its exit code and what it told. */
async function runInShell(before: string, args: string[], env = {}): Promise<{ code: number; told: string }> {
  const command = [process.execPath, path.join(projectRoot, 'bin', 'meisai.cjs'), ...args];
  const child = spawn('sh', ['-c', `${before}; exec "$@"`, 'sh', ...command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (data: Buffer) => (told += data.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, told };
}

it('says of a full disk what to do, and leaves everything as it was', async () => {
  const lines = Array.from({ length: CALLS }, (_, index) => {
    const started = new Date(Date.UTC(2017, 10, 1) + index * 60_000).toISOString();
    return `k-${index},05011112222,outgoing,${started},60.0,0312345678,,external,domestic,8.00`;
  });
  const file = await writeSourceFile([HEADER, ...lines].join('\n'));
  // No file of more than 512,000 bytes.
  const { code, told } = await runInShell('ulimit -f 1000', ['import', 'calls', file]);
  const failed = [1, expect.stringMatching(/^meisai: The disk is full[^\n]+ run it again \([^\n]+\)\n$/)];
  // PostgreSQL has files of its own.
  expect([code, told]).toEqual(isPostgres ? [0, ''] : failed);
  expect(await db('calls').count({ calls: '*' }).first()).toEqual({ calls: isPostgres ? CALLS : 0 });
  expect((await runInShell(':', ['import', 'calls', file, '--again'])).code).toBe(0);
  expect(await db('calls').count({ calls: '*' }).first()).toEqual({ calls: CALLS });
});

it('says of a database that does not answer what to do', async () => {
  const { code, told } = await runInShell(':', ['batch'], { DATABASE_URL: 'postgres://127.0.0.1:9/none' });
  expect([code, told]).toEqual([
    1,
    expect.stringMatching(
      /^meisai: The database or Redis is away: see to it, and run it again \([^\n]+\)\n$/,
    ),
  ]);
});

it('says of a file of another kind in the place of the database, and of missing rights, what to do', async () => {
  const file = await writeSourceFile('no database'.repeat(100));
  const { code, told } = await runInShell(':', ['batch'], { DATABASE_URL: `sqlite:${file}` });
  expect([code, told]).toEqual([
    1,
    expect.stringMatching(/^meisai: The file of DATABASE_URL cannot be used: .*\(SQLITE_NOTADB[^\n]+\)\n$/),
  ]);
  // Root has all rights.
  const error = Object.assign(new Error('EACCES: permission denied, open calls.csv'), { code: 'EACCES' });
  expect(formatCommandFailure(error)).toMatch(
    /^Whoever runs this has no right to a file.*open calls\.csv\)$/,
  );
});
