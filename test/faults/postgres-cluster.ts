import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findFreePort } from '../kit/free-port';
import { findProgram } from '../../lib/redis/find-redis-server';
import { MissingForFault } from './fault-table';

const DEBIAN = '/usr/lib/postgresql';

/** A PostgreSQL server of its own, which can be restarted at will. */
export class PostgresCluster {
  private constructor(
    private readonly programs: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /**
   * `options` are more of the server's, such as `-c autovacuum=off`.
   *
   * @throws MissingForFault where PostgreSQL is not installed
   */
  static async open(options = ''): Promise<PostgresCluster> {
    const programs = findPrograms();
    if (!programs)
      throw new MissingForFault('PostgreSQL is not installed (Debian: apt-get install postgresql)');
    // Not below a folder that only this user may enter: root's server runs as another.
    const folder = mkdtempSync(path.join(tmpdir(), 'meisai-postgres-'));
    if (isRoot) chownSync(folder, ...findPostgresUser());
    const cluster = new PostgresCluster(programs, folder, await findFreePort());
    await cluster.run('initdb', '-U', 'meisai', '-A', 'trust', '-E', 'UTF8', '--locale=C');
    const settings = `-c listen_addresses=127.0.0.1 -p ${cluster.port} -c unix_socket_directories=${folder} ${options}`;
    await cluster.run('pg_ctl', '-w', '-l', path.join(folder, 'log'), '-o', settings, 'start');
    return cluster;
  }

  /** DATABASE_URL of the cluster. */
  get url(): string {
    return `postgres://meisai@127.0.0.1:${this.port}/postgres`;
  }

  /** Simulates a crash: nothing is finished or flushed before. */
  restart(): Promise<void> {
    return this.run('pg_ctl', '-w', '-l', path.join(this.folder, 'log'), '-m', 'immediate', 'restart');
  }

  async close(): Promise<void> {
    await this.run('pg_ctl', '-w', '-m', 'immediate', 'stop');
    await rm(this.folder, { recursive: true, force: true });
  }

  private async run(program: string, ...args: string[]): Promise<void> {
    const own = [path.join(this.programs, program), '-D', path.join(this.folder, 'db'), ...args];
    // PostgreSQL refuses to run as root: then Debian's own user of it runs it.
    const [first = '', ...rest] = isRoot ? [...AS_POSTGRES, ...own] : own;
    const [code] = (await once(
      spawn(first, rest, { cwd: this.folder, stdio: ['ignore', 'ignore', 'inherit'] }),
      'exit',
    )) as [number | null];
    if (code !== 0) throw new Error(`${own.join(' ')} ended with ${code}`);
  }
}

const isRoot = process.getuid?.() === 0;
const AS_POSTGRES = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'];

function findPrograms(): string | undefined {
  const installed = findProgram('pg_ctl');
  if (installed) return path.dirname(installed);
  const [version] = listVersions(DEBIAN);
  return version && path.join(DEBIAN, version, 'bin');
}

/** The newest first. */
function listVersions(folder: string): string[] {
  try {
    return readdirSync(folder).sort((a, b) => Number(b) - Number(a));
  } catch {
    return [];
  }
}

function findPostgresUser(): [number, number] {
  const [, user, group] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
  if (user === undefined || group === undefined)
    throw new MissingForFault('root cannot run PostgreSQL, and there is no user postgres');
  return [Number(user), Number(group)];
}
