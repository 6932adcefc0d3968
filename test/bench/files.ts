import { setTimeout as delay } from 'node:timers/promises';
import {
  BENCH_CONTRACTS,
  type BenchContext,
  type BenchContract,
  logInCustomer,
  listBenchNumbers,
} from './context';
import { computeRatio } from './imports';
import type { Installation } from '../kit/installation';
import { buildPostgresSelect, runShell, buildSqliteSelect } from './reference';
import { runInTurns } from '../kit/turns';
import type { Visitor } from '../kit/visitor';

const POLL_MS = 20;
const TIMEOUT_MS = 600_000;

/** Times a month's file of calls: from the button to the download, by web server, queue and worker. */
export async function measureFiles(bench: BenchContext): Promise<void> {
  await measureOn(bench, bench.sqlite, 'SQLite', buildSqliteReference(bench));
  if (bench.postgres)
    await measureOn(bench, bench.postgres, 'PostgreSQL', buildPostgresReference(bench, bench.postgres));
}

const buildSqliteReference = (bench: BenchContext): (() => Promise<number>) | undefined => {
  if (bench.isMissing('sqlite3') || bench.isMissing('iconv')) return undefined;
  const env = {
    DATABASE: bench.sqlite.database.slice('sqlite:'.length),
    SQL: buildSqliteSelect(BENCH_CONTRACTS.month, bench.month),
    OUT: `${bench.folder}/reference.csv`,
  };
  return timeShell('sqlite3 -csv "$DATABASE" "$SQL" | iconv -t CP932 > "$OUT"', env);
};

const buildPostgresReference = (
  bench: BenchContext,
  { database }: Installation,
): (() => Promise<number>) | undefined => {
  if (bench.isMissing('psql')) return undefined;
  const sql = buildPostgresSelect(BENCH_CONTRACTS.month, bench.month);
  const env = {
    URL: database,
    COPY: `\\copy (${sql}) TO '${bench.folder}/reference.csv' WITH (FORMAT csv)`,
    PGCLIENTENCODING: 'SJIS',
  };
  return timeShell('printf %s "$COPY" | iconv -t CP932 | psql -qX -v ON_ERROR_STOP=1 "$URL"', env);
};

const timeShell = (line: string, env: Record<string, string>) => async (): Promise<number> => {
  const started = performance.now();
  await runShell(line, env);
  return (performance.now() - started) / 1000;
};

async function measureOn(
  bench: BenchContext,
  installation: Installation,
  name: string,
  reference?: () => Promise<number>,
): Promise<void> {
  const portal = await installation.startPortal();
  let worker = installation.startWorker();
  const customer = await logInCustomer(installation, portal.url, 'month');
  const files = new RequestedFiles(bench, installation);
  const times = await runInTurns(bench.rounds, reference, () => files.timeBuild(customer, 'month'));
  const memory = worker.getPeakMemory();
  bench.add({
    work: `file of calls, ${name}`,
    ...times,
    ...computeRatio(times),
    target: name === 'SQLite' ? '≥ 1.5' : '≥ 1.0',
    rate: bench.rows / times.ours,
    memory,
  });
  await worker.end();
  if (name === 'SQLite' && bench.rows <= 1_000_000) {
    worker = installation.startWorker();
    const large = await logInCustomer(installation, portal.url, 'large');
    const seconds = await files.timeBuild(large, 'large');
    bench.add({
      work: `file of calls, ${name}, 5 times as large`,
      ours: seconds,
      rate: (5 * bench.rows) / seconds,
      memory: worker.getPeakMemory(),
      note: `memory ${(worker.getPeakMemory() / memory).toFixed(2)} of the above, ≤ 160 MB`,
    });
    await worker.end();
  }
  await portal.end();
}

/** Asks for files again and again: a call more makes the one before out of date. */
export class RequestedFiles {
  private extra = 0;

  constructor(
    private readonly bench: BenchContext,
    private readonly installation: Installation,
  ) {}

  private getPath = () => `/selfpage/detail-files/calls/${this.bench.month}`;

  async timeBuild(customer: Visitor, contract: BenchContract): Promise<number> {
    const started = await this.request(customer, contract);
    await this.waitUntil(customer, 'format=csv"');
    const seconds = (performance.now() - started) / 1000;
    // The ZIPs belong to nobody's time, and not into that of the next round.
    await this.waitUntil(customer, 'format=utf8-zip"');
    return seconds;
  }

  /** Gives the moment of the request. */
  async request(customer: Visitor, contract: BenchContract): Promise<number> {
    await this.addCall(contract);
    await customer.get(`${this.getPath()}/request`);
    const started = performance.now();
    await customer.post(`${this.getPath()}/request`);
    return started;
  }

  async waitUntil(customer: Visitor, words: string): Promise<void> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      if ((await customer.get(this.getPath())).includes(words)) return;
      if (Date.now() > deadline) throw new Error(`no ${words} in ${TIMEOUT_MS} ms`);
      await delay(POLL_MS);
    }
  }

  private async addCall(contract: BenchContract): Promise<void> {
    this.extra += 1;
    const { month } = this.bench;
    const day = `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}-15`;
    const file = this.installation.write('extra.csv', [
      'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge',
      `extra-${contract}-${this.extra},${listBenchNumbers(contract)[0]},outgoing,${day}T12:00:00+09:00,60,0312345678,東京,external,domestic,8`,
    ]);
    await this.installation.runCommand('import', 'calls', file);
  }
}
