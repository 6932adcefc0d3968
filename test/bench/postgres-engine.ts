import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { readTreeCpu } from '../kit/cpu';
import { Installation } from '../kit/installation';
import { type Cost, runMeasuredOrFail } from '../kit/measured-process';
import type { BenchDatabase, Engine } from './engine';
import { runShell } from './reference';

/** A process of the server ends somewhat later than its client. */
const SERVER_ENDS_MS = 200;

export class PostgresEngine implements Engine {
  readonly name = 'PostgreSQL';
  readonly shell = 'psql';
  private readonly prefix = `meisai_bench_${randomUUID().slice(0, 8)}`;
  private readonly databases = new Set<string>();
  private readonly installations: Installation[] = [];

  private constructor(
    private readonly folder: string,
    private readonly server: PostgresServer,
  ) {}

  static async open(folder: string, url: string): Promise<PostgresEngine> {
    return new PostgresEngine(folder, await PostgresServer.open(url));
  }

  get hasUnseenServer(): boolean {
    return this.server.pid === undefined;
  }

  create(name: string): Promise<BenchDatabase> {
    return this.createFrom(name, '');
  }

  copy(from: BenchDatabase, name: string): Promise<BenchDatabase> {
    const template = new URL(from.installation.database).pathname.slice(1);
    // Before PostgreSQL 15 there was no other way.
    const strategy = this.server.version >= 15 ? ' STRATEGY FILE_COPY' : '';
    return this.createFrom(name, `TEMPLATE ${template}${strategy}`);
  }

  private async createFrom(name: string, options: string): Promise<BenchDatabase> {
    const database = `${this.prefix}_${name.replace(/\W+/g, '_')}`;
    await this.server.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await this.server.query(`CREATE DATABASE ${database} ${options}`);
    this.databases.add(database);
    const url = new URL(this.server.url);
    url.pathname = `/${database}`;
    const installation = new Installation(path.join(this.folder, name), url.href);
    this.installations.push(installation);
    return new PostgresDatabase(installation, this.server, () => this.drop(database));
  }

  private async drop(database: string): Promise<void> {
    await this.server.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    this.databases.delete(database);
  }

  async endPrograms(): Promise<void> {
    for (const installation of this.installations) await installation.end();
  }

  async close(): Promise<void> {
    await this.endPrograms();
    for (const database of this.databases) await this.drop(database);
    await this.server.close();
  }
}

const SELECT = 'psql -qXAt -v ON_ERROR_STOP=1 -v FETCH_COUNT=10000 "$URL" -c "$SQL"';

/** The server, by a connection of our own to its database `postgres`. */
class PostgresServer {
  private constructor(
    readonly url: string,
    private readonly client: Client,
    readonly version: number,
    /** Of its first process; undefined where it runs on another machine, or nobody may look. */
    readonly pid: number | undefined,
  ) {}

  static async open(url: string): Promise<PostgresServer> {
    const client = new Client({ connectionString: url });
    // A server that is stopped before us ends the connection: who asks next is told.
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number; version: number }>(
      `SELECT pg_backend_pid() AS pid, current_setting('server_version_num')::integer / 10000 AS version`,
    );
    const { pid = 0, version = 0 } = rows[0] ?? {};
    return new PostgresServer(url, client, version, findParent(pid, url));
  }

  async query(sql: string): Promise<Record<string, string>[]> {
    return (await this.client.query<Record<string, string>>(sql)).rows;
  }

  readCpu(): number {
    return this.pid === undefined ? 0 : readTreeCpu(this.pid);
  }

  /** How much has been written so far, in bytes. */
  async readLog(): Promise<number> {
    const [row] = await this.query(`SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bytes`);
    return Number(row?.bytes);
  }

  async settle(): Promise<void> {
    await this.query('CHECKPOINT');
    await runShell('sync', {});
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

/** The parent of a server's process is the server, if that process is on this machine. */
function findParent(pid: number, url: string): number | undefined {
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|)$/.test(new URL(url).hostname)) return undefined;
  try {
    const [, name = '', parent] = /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return name.startsWith('postgres') ? Number(parent) : undefined;
  } catch {
    return undefined;
  }
}

class PostgresDatabase implements BenchDatabase {
  constructor(
    readonly installation: Installation,
    private readonly server: PostgresServer,
    readonly drop: () => Promise<void>,
  ) {}

  async measure(work: () => Promise<Cost>): Promise<Cost> {
    await this.server.settle();
    const [cpu, log] = [this.server.readCpu(), await this.server.readLog()];
    const cost = await work();
    await delay(SERVER_ENDS_MS);
    return {
      ...cost,
      cpu: cost.cpu + this.server.readCpu() - cpu,
      log: (await this.server.readLog()) - log,
    };
  }

  async runScripts(scripts: readonly string[], folder: string): Promise<Cost> {
    const files = scripts.flatMap((script) => ['-f', script]);
    const env = { ...process.env, PGOPTIONS: '-c client_min_messages=warning' };
    const command = ['psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', ...files];
    return (await runMeasuredOrFail([...command, this.installation.database], { cwd: folder, env })).cost;
  }

  async tidy(): Promise<void> {
    await this.readLines('VACUUM ANALYZE');
  }

  async readLines(sql: string): Promise<string[]> {
    const out = await runShell(SELECT, { URL: this.installation.database, SQL: sql });
    return out.split('\n').filter(Boolean);
  }

  async writeLines(sql: string, file: string): Promise<void> {
    const env = { URL: this.installation.database, SQL: sql, OUT: file };
    await runShell(`${SELECT} | LC_ALL=C sort > "$OUT"`, env);
  }
}
