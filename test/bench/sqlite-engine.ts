import { constants, copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import sqlite3 from 'sqlite3';
import { Installation } from '../kit/installation';
import { type Cost, runMeasuredOrFail } from '../kit/measured-process';
import type { BenchDatabase, Engine } from './engine';
import { runShell } from './reference';

export class SqliteEngine implements Engine {
  readonly name = 'SQLite';
  readonly shell = 'sqlite3';
  readonly hasUnseenServer = false;

  private readonly installations: Installation[] = [];

  constructor(private readonly folder: string) {}

  create(name: string): Promise<BenchDatabase> {
    const folder = path.join(this.folder, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const database = new SqliteDatabase(folder);
    this.installations.push(database.installation);
    return Promise.resolve(database);
  }

  async copy(from: BenchDatabase, name: string): Promise<BenchDatabase> {
    const database = await this.create(name);
    copyFileSync(getFile(from.installation), getFile(database.installation), constants.COPYFILE_FICLONE);
    return database;
  }

  async endPrograms(): Promise<void> {
    for (const installation of this.installations) await installation.end();
  }

  close(): Promise<void> {
    return this.endPrograms();
  }
}

const SELECT = 'sqlite3 -readonly "$DATABASE" "$SQL"';

const getFile = ({ database }: Installation): string => database.slice('sqlite:'.length);

class SqliteDatabase implements BenchDatabase {
  readonly installation: Installation;
  private readonly file: string;

  constructor(private readonly folder: string) {
    this.file = path.join(folder, 'meisai.sqlite3');
    this.installation = new Installation(folder, `sqlite:${this.file}`);
  }

  async measure(work: () => Promise<Cost>): Promise<Cost> {
    const letGo = await holdOpen(this.file);
    try {
      await runShell('sync', {});
      const cost = await work();
      return { ...cost, log: statSync(`${this.file}-wal`, { throwIfNoEntry: false })?.size ?? 0 };
    } finally {
      await letGo();
    }
  }

  async runScripts(scripts: readonly string[], folder: string): Promise<Cost> {
    const reading = scripts.map((script) => `.read ${script}`);
    return (await runMeasuredOrFail(['sqlite3', '-bail', this.file, ...reading], { cwd: folder })).cost;
  }

  async readLines(sql: string): Promise<string[]> {
    const out = await runShell(SELECT, { DATABASE: this.file, SQL: sql });
    return out.split('\n').filter(Boolean);
  }

  async writeLines(sql: string, file: string): Promise<void> {
    const env = { DATABASE: this.file, SQL: sql, OUT: file };
    await runShell(`${SELECT} | LC_ALL=C sort > "$OUT"`, env);
  }

  tidy(): Promise<void> {
    return Promise.resolve();
  }

  drop(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    return Promise.resolve();
  }
}

/**
 * Keeps a database open, as a portal that runs would: who is the last to close it also removes the write-ahead log, and
 * an import's is as large as its calls.
 */
async function holdOpen(file: string): Promise<() => Promise<void>> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(file, (error) =>
      error ? reject(error) : resolve(opened),
    );
  });
  await toPromise((done) => database.get('SELECT COUNT(*) FROM sqlite_schema', done));
  return () => toPromise((done) => database.close(done));
}

const toPromise = (start: (done: (error: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
