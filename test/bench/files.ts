import { setTimeout as delay } from 'node:timers/promises';
import { BENCH_CONTRACTS, type BenchContext, type BenchContract, customerOf, numbersOf } from './context';
import { ratioOf } from './imports';
import type { Installation } from '../kit/installation';
import { postgresSelect, shell, sqliteSelect } from './reference';
import { inTurns } from '../kit/turns';
import type { Visitor } from '../kit/visitor';

const POLL_MS = 20;
const PATIENCE_MS = 600_000;

/** Times a month's file of calls: from the button to the download, by web server, queue and worker. */
export async function measureFiles(bench: BenchContext): Promise<void> {
  await measureOn(bench, bench.sqlite, 'SQLite', sqliteReference(bench));
  if (bench.postgres)
    await measureOn(bench, bench.postgres, 'PostgreSQL', postgresReference(bench, bench.postgres));
}

const sqliteReference = (bench: BenchContext): (() => Promise<number>) | undefined => {
  if (bench.isMissing('sqlite3') || bench.isMissing('iconv')) return undefined;
  const env = {
    DATABASE: bench.sqlite.database.slice('sqlite:'.length),
    SQL: sqliteSelect(BENCH_CONTRACTS.month, bench.month),
    OUT: `${bench.folder}/reference.csv`,
  };
  return timedShell('sqlite3 -csv "$DATABASE" "$SQL" | iconv -t CP932 > "$OUT"', env);
};

const postgresReference = (
  bench: BenchContext,
  { database }: Installation,
): (() => Promise<number>) | undefined => {
  if (bench.isMissing('psql')) return undefined;
  const sql = postgresSelect(BENCH_CONTRACTS.month, bench.month);
  const env = {
    URL: database,
    COPY: `\\copy (${sql}) TO '${bench.folder}/reference.csv' WITH (FORMAT csv)`,
    PGCLIENTENCODING: 'SJIS',
  };
  return timedShell('printf %s "$COPY" | iconv -t CP932 | psql -qX -v ON_ERROR_STOP=1 "$URL"', env);
};

const timedShell = (line: string, env: Record<string, string>) => async (): Promise<number> => {
  const started = performance.now();
  await shell(line, env);
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
  const customer = await customerOf(installation, portal.url, 'month');
  const files = new RequestedFiles(bench, installation);
  const times = await inTurns(bench.rounds, reference, () => files.secondsToMake(customer, 'month'));
  const memory = worker.memory();
  bench.add({
    work: `file of calls, ${name}`,
    ...times,
    ...ratioOf(times),
    target: name === 'SQLite' ? '≥ 1.5' : '≥ 1.0',
    rate: bench.rows / times.ours,
    memory,
  });
  await worker.end();
  if (name === 'SQLite' && bench.rows <= 1_000_000) {
    worker = installation.startWorker();
    const large = await customerOf(installation, portal.url, 'large');
    const seconds = await files.secondsToMake(large, 'large');
    bench.add({
      work: `file of calls, ${name}, 5 times as large`,
      ours: seconds,
      rate: (5 * bench.rows) / seconds,
      memory: worker.memory(),
      note: `memory ${(worker.memory() / memory).toFixed(2)} of the above, ≤ 160 MB`,
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

  private path = () => `/selfpage/detail-files/calls/${this.bench.month}`;

  async secondsToMake(customer: Visitor, contract: BenchContract): Promise<number> {
    const started = await this.request(customer, contract);
    await this.until(customer, 'format=csv"');
    const seconds = (performance.now() - started) / 1000;
    // The ZIPs belong to nobody's time, and not into that of the next round.
    await this.until(customer, 'format=utf8-zip"');
    return seconds;
  }

  /** Gives the moment of the request. */
  async request(customer: Visitor, contract: BenchContract): Promise<number> {
    await this.addCall(contract);
    await customer.get(`${this.path()}/request`);
    const started = performance.now();
    await customer.post(`${this.path()}/request`);
    return started;
  }

  async until(customer: Visitor, words: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      if ((await customer.get(this.path())).includes(words)) return;
      if (Date.now() > deadline) throw new Error(`no ${words} in ${PATIENCE_MS} ms`);
      await delay(POLL_MS);
    }
  }

  private async addCall(contract: BenchContract): Promise<void> {
    this.extra += 1;
    const { month } = this.bench;
    const day = `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}-15`;
    const file = this.installation.write('extra.csv', [
      'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge',
      `extra-${contract}-${this.extra},${numbersOf(contract)[0]},outgoing,${day}T12:00:00+09:00,60,0312345678,東京,external,domestic,8`,
    ]);
    await this.installation.command('import', 'calls', file);
  }
}
