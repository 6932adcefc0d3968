import { BENCH_CONTRACTS } from '../kit/bench-customers';
import { type Cost, runMeasuredOrFail } from '../kit/measured-process';
import { takeTurns } from '../kit/turns';
import type { BenchContext } from './context';
import type { Engine } from './engine';
import { buildPostgresSelect, buildSqliteSelect } from './reference';
import { RequestedFiles } from './requested-files';
import type { StoredMonth } from './stored-month';

/** Times a month's file of calls: from the button to the download, by web server, queue and worker. */
export async function measureFiles(bench: BenchContext, engine: Engine): Promise<void> {
  const stored = await bench.openStoredMonth(engine);
  const portal = await stored.installation.startPortal();
  const files = new RequestedFiles(bench, stored);
  const measureBuild = async (contract: 'month' | 'large') => {
    const worker = stored.installation.startWorker();
    const customer = await stored.logIn(portal.url, contract);
    const cost = await measureOnServer(stored, () => files.measureBuild(customer, contract, worker));
    await worker.end();
    return cost;
  };
  const turns = await takeTurns(bench.rounds, buildReference(bench, stored), () => measureBuild('month'));
  bench.add('file', engine.name, { ...turns, lines: stored.calls.month });
  const large = await measureBuild('large');
  const memory = (large.memory ?? 0) / (turns.ours[0]?.memory ?? 1);
  bench.add('file-of-five', engine.name, {
    ours: [large],
    lines: stored.calls.large,
    note: `memory × ${memory.toFixed(2)} of the above`,
  });
  await portal.end();
}

/** With the CPU of the database's server; what others write into its log meanwhile belongs to no file. */
async function measureOnServer(stored: StoredMonth, work: () => Promise<Cost>): Promise<Cost> {
  const { seconds, cpu, memory } = await stored.database.measure(work);
  return { seconds, cpu, ...(memory !== undefined && { memory }) };
}

function buildReference(bench: BenchContext, stored: StoredMonth): (() => Promise<Cost>) | undefined {
  const { shell } = stored.engine;
  if (bench.isMissing(shell) || bench.isMissing('iconv')) return undefined;
  const line = shell === 'sqlite3' ? BY_SQLITE : BY_POSTGRES;
  const env = { ...process.env, ...buildEnvironment(bench, stored) };
  return () =>
    measureOnServer(
      stored,
      async () => (await runMeasuredOrFail(['bash', '-c', `set -eo pipefail; ${line}`], { env })).cost,
    );
}

const BY_SQLITE = 'sqlite3 -csv "$DATABASE" "$SQL" | iconv -t CP932 > "$OUT"';
const BY_POSTGRES = 'printf %s "$COPY" | iconv -t CP932 | psql -qX -v ON_ERROR_STOP=1 "$URL"';

function buildEnvironment(
  { folder, month }: BenchContext,
  { engine, installation: { database } }: StoredMonth,
): Record<string, string> {
  const out = `${folder}/reference.csv`;
  if (engine.shell === 'sqlite3') {
    const sql = buildSqliteSelect(BENCH_CONTRACTS.month, month);
    return { DATABASE: database.slice('sqlite:'.length), SQL: sql, OUT: out };
  }
  const sql = buildPostgresSelect(BENCH_CONTRACTS.month, month);
  return { URL: database, COPY: `\\copy (${sql}) TO '${out}' WITH (FORMAT csv)`, PGCLIENTENCODING: 'SJIS' };
}
