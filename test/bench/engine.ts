import type { Installation } from '../kit/installation';
import type { Cost } from '../kit/measured-process';

export type EngineName = 'SQLite' | 'PostgreSQL';

/** A kind of database. Each piece of work that is measured gets one of its own, which is as it was before the others. */
export interface Engine {
  readonly name: EngineName;
  /** The program by which one does by hand what the portal does. */
  readonly shell: 'sqlite3' | 'psql';
  /** Whether it has a server whose CPU cannot be read. */
  readonly hasUnseenServer: boolean;
  /** An empty one; another of this name goes. */
  create(name: string): Promise<BenchDatabase>;
  /** One that holds what `from` holds, which nobody may use just now. */
  copy(from: BenchDatabase, name: string): Promise<BenchDatabase>;
  /** Ends the portals and workers that still run. */
  endPrograms(): Promise<void>;
  /** Ends them, and takes away what was made. */
  close(): Promise<void>;
}

export interface BenchDatabase {
  /** The portal on it. */
  readonly installation: Installation;
  /**
   * Runs a piece of work that begins with a disk that has nothing else to do, and adds to its cost what the database's
   * server has had of it and by how much the write-ahead log has grown.
   */
  measure(work: () => Promise<Cost>): Promise<Cost>;
  /** Runs scripts of its shell, one after the other on one connection, within this folder, whose files they name. */
  runScripts(scripts: readonly string[], folder: string): Promise<Cost>;
  /** The lines of a query, `|` between the fields. */
  readLines(sql: string): Promise<string[]>;
  /** Writes them into a file, sorted. */
  writeLines(sql: string, file: string): Promise<void>;
  /** Does what a server does by and by after large changes. */
  tidy(): Promise<void>;
  drop(): Promise<void>;
}
