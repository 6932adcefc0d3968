import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Cost } from '../kit/measured-process';
import {
  checkSameOutcome,
  type ImportCounts,
  type Outcome,
  readHandOutcome,
  readPortalOutcome,
} from './agreement';
import type { CallFile } from './call-data';
import type { BenchContext } from './context';
import type { BenchDatabase, Engine } from './engine';
import type { Row, Subject } from './rows';

/** Name of the tariff that rates raw records. */
const TARIFF = 'bench';

/** Runs all that these rows compare in turns, each on a database as it was before, and adds the rows. */
export async function measureImports(
  bench: BenchContext,
  engine: Engine,
  rows: readonly Row[],
): Promise<void> {
  const subjects = listSubjects(rows).filter(({ by }) => by === 'meisai' || !bench.isMissing(engine.shell));
  const imports = new Imports(bench, engine);
  const costs = new Map<string, Cost[]>(subjects.map((subject) => [toKey(subject), []]));
  for (let round = 1; round <= bench.rounds; round += 1)
    for (const subject of subjects) {
      bench.say(`${engine.name}, round ${round} of ${bench.rounds}: ${describe(subject)}`);
      costs.get(toKey(subject))?.push(await imports.measure(subject));
    }
  await imports.close();
  const getCosts = (subject: Subject | undefined) => (subject && costs.get(toKey(subject))) ?? [];
  for (const { id, ours, reference } of rows)
    bench.add(id, engine.name, {
      ours: getCosts(ours),
      reference: getCosts(reference),
      lines: countLines(bench, ours),
    });
}

function countLines(bench: BenchContext, subject: Subject | undefined): number {
  if (!subject) return 0;
  return isOfCalls(subject.file) ? bench.rows : bench.data.listNumbers(subject.file.lines).length;
}

const toKey = (subject: Subject): string => JSON.stringify(subject);

const isOfCalls = (file: Subject['file'] | undefined): file is CallFile =>
  file !== undefined && 'kind' in file;

/** References first, each once. */
function listSubjects(rows: readonly Row[]): Subject[] {
  const all = [...rows.map(({ reference }) => reference), ...rows.map(({ ours }) => ours)];
  return [...new Map(all.flatMap((subject) => (subject ? [[toKey(subject), subject]] : []))).values()];
}

function describe({ by, file, history = 0 }: Subject): string {
  const { contracts, numbers } = file.lines;
  const what = isOfCalls(file) ? `${file.kind} calls by ${file.order}` : 'numbers';
  const before = history > 0 ? ` after ${history} months` : '';
  return `${what} of ${contracts} × ${numbers} numbers${before}, by ${by}`;
}

/** Imports into databases of one kind, with what they find there, and what they must leave alike. */
export class Imports {
  private readonly bases = new Map<string, BenchDatabase>();
  private readonly folder: string;
  private readonly checked = new Set<string>();
  private readonly outcomes = new Map<string, Outcome>();

  constructor(
    private readonly bench: BenchContext,
    private readonly engine: Engine,
  ) {
    this.folder = mkdtempSync(path.join(bench.folder, 'outcomes-'));
  }

  /**
   * What it costs. At its first time what it leaves is compared with what others have left of the same calls.
   *
   * @throws Error where they do not agree
   */
  async measure(subject: Subject): Promise<Cost> {
    const database = await this.open(subject, 'run');
    let counts: ImportCounts | undefined;
    const cost = await database.measure(async () => {
      const { cost: own, counts: told } = await this.run(subject, database);
      counts = told;
      return own;
    });
    if (!this.checked.has(toKey(subject))) await this.check(subject, database, counts);
    await database.drop();
    return cost;
  }

  /** A database as it is before an import; to be dropped. */
  async open(subject: Subject, name: string): Promise<BenchDatabase> {
    return subject.by === 'bare'
      ? this.engine.create(name)
      : this.engine.copy(await this.getBase(subject), name);
  }

  async close(): Promise<void> {
    for (const base of this.bases.values()) await base.drop();
    this.bases.clear();
    rmSync(this.folder, { recursive: true });
  }

  private async run(
    { by, file }: Subject,
    database: BenchDatabase,
  ): Promise<{ cost: Cost; counts?: ImportCounts | undefined }> {
    const { installation } = database;
    const lines = this.bench.data.prepareLines(file.lines);
    if (!isOfCalls(file)) {
      if (by === 'bare') return { cost: await database.runScripts([this.getScript('bare-numbers')], lines) };
      const { cost } = await installation.measureCommand(
        'import',
        'numbers',
        path.join(lines, 'numbers.csv'),
      );
      return { cost };
    }
    const folder = await this.bench.data.prepareCalls(file);
    if (by === 'bare') return { cost: await database.runScripts([this.getScript('bare')], folder) };
    if (by === 'hand') return { cost: await this.importByHand(database, file, folder) };
    const { cost, result } = await this.importByPortal(database, file, folder);
    const { records, added, duplicates, unanswered, rejected } = result;
    return { cost, counts: { records, added, duplicates, unanswered, rejected } };
  }

  private getScript = (name: string): string =>
    path.join(__dirname, 'by-hand', this.engine.shell === 'psql' ? 'psql' : 'sqlite', `${name}.sql`);

  private importByHand(database: BenchDatabase, { kind }: CallFile, folder: string): Promise<Cost> {
    return database.runScripts([kind, 'store'].map(this.getScript), folder);
  }

  private importByPortal({ installation }: BenchDatabase, { kind }: CallFile, folder: string) {
    const options = kind === 'raw' ? ['--format', 'asterisk', '--tariff', TARIFF] : [];
    const file = path.join(folder, 'calls.csv');
    return installation.measureCommand<ImportCounts>('import', 'calls', file, ...options);
  }

  /** What is there before; made once for all subjects that begin alike. */
  private async getBase(subject: Subject): Promise<BenchDatabase> {
    const { by, file, history = 0 } = subject;
    const kind = isOfCalls(file) ? file.kind : 'none';
    const key = JSON.stringify([by, file.lines, history, history > 0 || kind === 'none' ? kind : 'any']);
    const known = this.bases.get(key);
    if (known) return known;
    this.bench.say(`${this.engine.name}: making what is there before`);
    const base = await this.engine.create(`base-${this.bases.size + 1}`);
    this.bases.set(key, base);
    await this.fill(base, subject);
    for (let monthsBefore = history; monthsBefore > 0; monthsBefore -= 1)
      if (isOfCalls(file)) await this.importMonth(by, base, { ...file, order: 'time', monthsBefore });
    await base.tidy();
    return base;
  }

  /** Contracts, numbers and tariff; for an import of numbers the contracts alone. */
  private async fill(base: BenchDatabase, { by, file }: Subject): Promise<void> {
    const folder = this.bench.data.prepareLines(file.lines);
    if (by === 'hand') {
      await base.runScripts([this.getScript('schema')], folder);
      return;
    }
    const importFile = (table: string, ...options: string[]) =>
      base.installation.runCommand('import', table, path.join(folder, `${table}.csv`), ...options);
    await importFile('contracts');
    if (!isOfCalls(file)) return;
    await importFile('numbers');
    await importFile('tariff', '--name', TARIFF);
  }

  /** A month besides the one that is measured. */
  async importMonth(by: Subject['by'], database: BenchDatabase, file: CallFile): Promise<Cost> {
    const folder = await this.bench.data.prepareCalls(file);
    if (by === 'hand') return this.importByHand(database, file, folder);
    return (await this.importByPortal(database, file, folder)).cost;
  }

  private async check(
    subject: Subject,
    database: BenchDatabase,
    counts: ImportCounts | undefined,
  ): Promise<void> {
    const { by, file, history = 0 } = subject;
    this.checked.add(toKey(subject));
    if (by === 'bare' || this.bench.isMissing(this.engine.shell)) return;
    if (!isOfCalls(file)) return this.checkNumbers(database, subject);
    const folder = path.join(this.folder, String(this.checked.size));
    mkdirSync(folder, { recursive: true });
    const place = { folder, month: this.bench.month, whose: describe(subject) };
    const outcome = counts
      ? await readPortalOutcome(database, counts, place)
      : await readHandOutcome(database, place);
    const sameCalls = JSON.stringify([file.lines, file.kind, history]);
    const other = this.outcomes.get(sameCalls);
    if (!other) {
      this.outcomes.set(sameCalls, outcome);
      return;
    }
    await checkSameOutcome(other, outcome);
    rmSync(folder, { recursive: true });
  }

  private async checkNumbers(database: BenchDatabase, { file }: Subject): Promise<void> {
    const [count] = await database.readLines('SELECT count(*) FROM phone_numbers');
    const all = this.bench.data.listNumbers(file.lines).length;
    if (Number(count) !== all) throw new Error(`${count} numbers were imported, and not ${all}`);
  }
}
