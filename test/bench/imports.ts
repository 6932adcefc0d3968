import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type CallsFile, writeCallsFile } from '../kit/calls-file';
import { BENCH_CONTRACTS, type BenchContext, type BenchContract, listBenchNumbers } from './context';
import { importContracts } from '../kit/contracts';
import type { CommandRun, Installation } from '../kit/installation';
import { runShell } from './reference';
import { runInTurns, computeMedian, measureSeconds } from '../kit/turns';

const MAX_ROWS_FOR_LARGE = 1_000_000;

/** Times the import of a month's calls, then brings in what the other parts need. */
export async function measureImports(bench: BenchContext): Promise<void> {
  const month = await writeContractCalls(bench, 'month', bench.rows);
  await prepare(bench.sqlite);
  await measureOnSqlite(bench, month);
  const others: [BenchContract, number][] = [
    ['ten', 10],
    ['small', 50],
  ];
  if (bench.rows <= MAX_ROWS_FOR_LARGE) others.push(['large', bench.rows * 5]);
  for (const [contract, rows] of others) {
    const file = await writeContractCalls(bench, contract, rows);
    const { seconds, memory } = await bench.sqlite.runCommand('import', 'calls', file.path);
    if (contract === 'large')
      bench.add({ work: 'import, SQLite, 5 times as large', ours: seconds, rate: rows / seconds, memory });
    rmSync(file.path);
  }
  if (bench.postgres) await measureOnPostgres(bench, bench.postgres, month);
}

const writeContractCalls = (bench: BenchContext, contract: BenchContract, rows: number): Promise<CallsFile> =>
  writeCallsFile(path.join(bench.folder, `${contract}.csv`), {
    rows,
    numbers: listBenchNumbers(contract),
    month: bench.month,
    seed: contract,
  });

/** The bench's contracts, numbers and accounts. */
export async function prepare(installation: Installation): Promise<void> {
  const contracts = Object.entries(BENCH_CONTRACTS) as [BenchContract, string][];
  const numbers = new Map(contracts.map(([contract, code]) => [code, listBenchNumbers(contract)]));
  await importContracts(installation, numbers);
  for (const [, code] of contracts) await installation.runCommand('account', 'issue', code);
}

/** Each round begins with the database as it was before; the last one's stays. */
async function measureOnSqlite(bench: BenchContext, { path: file, rows }: CallsFile): Promise<void> {
  const database = path.join(bench.sqlite.folder, 'meisai.sqlite3');
  const before = path.join(bench.folder, 'before.sqlite3');
  const bare = path.join(bench.folder, 'bare.sqlite3');
  copyFileSync(database, before);
  const memories: number[] = [];
  const runReference = async () => {
    rmSync(bare, { force: true });
    await settleDisk();
    return measureSeconds(() =>
      runShell('sqlite3 "$BARE" ".import --csv $FILE calls"', { BARE: bare, FILE: file }),
    );
  };
  const times = await runInTurns(
    bench.rounds,
    bench.isMissing('sqlite3') ? undefined : runReference,
    async () => {
      for (const ending of ['-wal', '-shm']) rmSync(database + ending, { force: true });
      copyFileSync(before, database);
      const { seconds, memory } = await importBesidePortal(bench.sqlite, file);
      memories.push(memory);
      return seconds;
    },
  );
  rmSync(bare, { force: true });
  bench.add({
    work: 'import, SQLite (.import)',
    ...times,
    ...computeRatio(times),
    target: '≥ 0.4',
    rate: rows / times.ours,
    memory: computeMedian(memories),
  });
}

/**
 * As an operator does it. On SQLite the portal keeps the database open: who is the last to close it also removes the
 * write-ahead log, and an import's is as large as its calls.
 */
async function importBesidePortal(installation: Installation, file: string): Promise<CommandRun<unknown>> {
  const server = await installation.startPortal();
  await settleDisk();
  try {
    return await installation.runCommand('import', 'calls', file);
  } finally {
    await server.end();
  }
}

/** What one turn has written and removed would be paid by who waits for the disk next. */
const settleDisk = (): Promise<string> => runShell('sync', {});

async function measureOnPostgres(
  bench: BenchContext,
  portal: Installation,
  { path: file, rows }: CallsFile,
): Promise<void> {
  await prepare(portal);
  const memories: number[] = [];
  const runPsql = (...commands: string[]) =>
    runShell(commands.map((command) => `psql -qX -v ON_ERROR_STOP=1 "$URL" -c ${command}`).join(' && '), {
      URL: portal.database,
      PGOPTIONS: '-c client_min_messages=warning',
      FILE: file,
    });
  const columns =
    'source_id text, number text, direction text, started_at text, duration text, other_number text, area text, line_class text, call_type text, charge text';
  const runReference = async () => {
    await runPsql(`"DROP TABLE IF EXISTS bare"`, `"CREATE TABLE bare (${columns})"`);
    await settleDisk();
    return measureSeconds(() => runPsql(`"\\\\copy bare FROM $FILE WITH (FORMAT csv, HEADER)"`));
  };
  const empty = [
    'calls',
    'call_batches',
    'number_days',
    'number_sums',
    'contract_sums',
    'contract_hours',
    'contract_months',
  ].join(', ');
  const times = await runInTurns(
    bench.rounds,
    bench.isMissing('psql') ? undefined : runReference,
    async () => {
      await runPsql(`"TRUNCATE ${empty} CASCADE"`);
      const { seconds, memory } = await importBesidePortal(portal, file);
      memories.push(memory);
      return seconds;
    },
  );
  bench.add({
    work: 'import, PostgreSQL (\\copy)',
    ...times,
    ...computeRatio(times),
    target: '≥ 0.4',
    rate: rows / times.ours,
    memory: computeMedian(memories),
  });
}

/** How many times quicker than the reference. */
export const computeRatio = ({
  reference,
  ours,
}: {
  reference?: number;
  ours: number;
}): { ratio?: number } => (reference === undefined ? {} : { ratio: reference / ours });
