import type { Calculator } from '../calculator/calculator';
import { getMonth, listMonthsBefore, type Moment, type Month, readMoment } from '../calculator/civil-time';
import { writeCallsFile, writeFeesFile } from '../calculator/files';
import {
  type CallList,
  listCallRows,
  listMonthRows,
  listMyPageMonths,
  listNumberRows,
  listSelfPageMonths,
  listUsageNumbers,
  listUsageRows,
} from '../calculator/pages';
import type { Contract, Service } from '../calculator/records';
import { listReportLines } from '../calculator/report';
import { listNumbers, type Selection, writeNumber } from '../calculator/selection';
import type { World } from '../generator/world';
import type { Customer, UsageTable } from './customer';
import type { Operator } from './operator';

const CATEGORIES = [
  ['domestic', '国内通話'],
  ['international', '国際通話'],
  ['mobile', '携帯/PHS通話'],
] as const;

const USAGE_ROWS: [string, Selection][] = [
  ...(
    [
      ['一般通話', 'general'],
      ['国際通話', 'international'],
      ['携帯通話', 'mobile'],
      ['IP通話', 'ip'],
      ['PHS通話', 'phs'],
    ] as const
  ).map(([name, row]): [string, Selection] => [
    name,
    { direction: 'outgoing', ofType: ({ usageRow }) => usageRow === row },
  ]),
  ['合計', { direction: 'outgoing' }],
  ['着割対象通話', { direction: 'incoming' }],
  ['発信・着信', {}],
];

/** How much is read besides the sums and numbers: lists and files that must have changed, all of them, or none. */
export type Depth = 'sums' | 'changed' | 'all';

/** Compares what the portal shows with the calculator. */
export class Comparison {
  /** How many screens, lists, files and reports were compared. */
  count = 0;
  /** Where they differ. */
  differences: { place: string; shown: unknown; right: unknown }[] = [];
  private depth: Depth = 'all';
  /** What lists and files were when they were read last, by their places. */
  private readonly readBefore = new Map<string, string>();
  private readonly now: Moment;

  constructor(
    private readonly calculator: Calculator,
    private readonly operator: Operator,
    private readonly customers: ReadonlyMap<Contract, Customer>,
    { now }: World,
  ) {
    this.now = readMoment(now);
  }

  compare(place: string, shown: unknown, right: unknown): void {
    this.count += 1;
    if (JSON.stringify(shown) !== JSON.stringify(right)) this.differences.push({ place, shown, right });
  }

  async compareAll(depth: Depth): Promise<void> {
    this.depth = depth;
    for (const month of [getMonth(this.now), ...listMonthsBefore(this.now, 6)])
      this.compare(
        `report ${month}`,
        (await this.operator.readReport(month)).sort(),
        listReportLines(this.calculator, month).sort(),
      );
    for (const [contract, customer] of this.customers)
      await (contract.page === 'self'
        ? this.compareSelfPage(contract.code, customer)
        : this.compareMyPage(contract.code, customer));
  }

  private async compareSelfPage(contract: string, customer: Customer): Promise<void> {
    const { calculator } = this;
    const months = listSelfPageMonths(calculator, contract, this.now);
    this.compare(
      `S6 of ${contract}`,
      await customer.readMonths(),
      listMonthRows(calculator, contract, months),
    );
    for (const month of months) {
      const right = listNumberRows(calculator, contract, month);
      const table = await customer.readNumbers(month);
      this.compare(`S7 of ${contract} ${month}`, table.rows, right.rows);
      if (table.total) this.compare(`S7 of ${contract} ${month}: total`, table.total, right.total);
      await this.compareFiles(customer, contract, month);
      const selection = { contract, month, direction: 'outgoing' as const };
      await this.compareList(`S8 of ${contract} ${month}`, () => customer.readMonthCalls(month), selection);
      for (const { number } of listNumbers(calculator, contract, month)) {
        const name = writeNumber(calculator, number);
        for (const [category, words] of CATEGORIES)
          await this.compareList(
            `S8 of ${contract} ${month} ${name} ${words}`,
            () => customer.readNumberCalls(table, name, words),
            { ...selection, number, ofType: (type) => type.category === category },
          );
      }
    }
  }

  private async compareMyPage(contract: string, customer: Customer): Promise<void> {
    for (const month of listMyPageMonths(this.now)) {
      await this.compareUsage(customer, { contract, month, service: 'ip050' }, '050');
      await this.compareFiles(customer, contract, month);
      if (this.hasHikari(contract))
        await this.compareUsage(customer, { contract, month, service: 'hikari' }, 'hikari');
    }
  }

  private hasHikari(contract: string): boolean {
    const { holdings } = this.calculator.stock;
    return holdings.some(
      (held) => held.contract === contract && this.calculator.getLine(held.number).service === 'hikari',
    );
  }

  private async compareUsage(
    customer: Customer,
    selection: { contract: string; month: Month; service: Service },
    address: '050' | 'hikari',
  ): Promise<void> {
    const { calculator } = this;
    const { contract, month, service } = selection;
    const place = `M7 of ${contract} ${month} ${service}`;
    const tables = await customer.readUsage(address, month);
    const numbers = listUsageNumbers(calculator, contract, month, service);
    const names = numbers.map((number) => writeNumber(calculator, number));
    this.compare(`${place}: numbers`, [...tables.keys()], ['全番号合計', ...names]);
    this.compare(`${place}: sum`, tables.get('全番号合計')?.rows, listUsageRows(calculator, selection));
    for (const number of numbers) {
      const ofNumber = { ...selection, number };
      const table = tables.get(writeNumber(calculator, number));
      this.compare(`${place} ${number}`, table?.rows, listUsageRows(calculator, ofNumber));
      if (table) await this.compareUsageLists(customer, ofNumber, table, `${place} ${number}`);
    }
  }

  private async compareUsageLists(
    customer: Customer,
    selection: Selection & { service: Service },
    { links }: UsageTable,
    place: string,
  ): Promise<void> {
    for (const [row, of] of USAGE_ROWS) {
      const link = links.get(row);
      if (link === undefined && row === '着割対象通話' && selection.service === 'hikari') continue;
      await this.compareList(`${place} ${row}`, () => customer.readCalls(link ?? ''), {
        ...selection,
        ...of,
      });
    }
  }

  /** The columns that are shown; a call without an area may have a dash. Lists of incoming calls tell no charge. */
  private async compareList(
    place: string,
    read: () => Promise<CallList>,
    selection: Selection,
  ): Promise<void> {
    const right = listCallRows(this.calculator, selection);
    if (!this.mustRead(place, right.rows.length > 0 ? JSON.stringify(right) : '')) return;
    const shown = await read();
    const columns = Object.keys(shown.rows[0] ?? right.rows[0] ?? {});
    const writeRow = (row: Record<string, string>) =>
      columns.map((column) => (row[column] === '－' ? '' : row[column])).join(' | ');
    const writeList = ({ count, charge, rows }: CallList) => [
      ...[count, selection.direction === 'outgoing' ? charge : ''],
      ...rows.map(writeRow),
    ];
    this.compare(place, writeList(shown), writeList(right));
  }

  private async compareFiles(customer: Customer, contract: string, month: Month): Promise<void> {
    const { calculator } = this;
    for (const encoding of ['cp932', 'utf8'] as const) {
      const place = `${contract} ${month} in ${encoding}`;
      const files = {
        fees: writeFeesFile(calculator, contract, month),
        calls: writeCallsFile(calculator, contract, month, encoding),
      };
      for (const [kind, right] of Object.entries(files) as ['fees' | 'calls', string][])
        if (this.mustRead(`${kind} of ${place}`, right)) {
          const shown = await customer.readFile(kind, month, encoding);
          this.compare(`${kind} of ${place}`, shown.split('\n'), right.split('\n'));
        }
    }
  }

  private mustRead(place: string, right: string): boolean {
    if (this.depth === 'sums') return false;
    const before = this.readBefore.get(place) ?? '';
    this.readBefore.set(place, right);
    return this.depth === 'all' || before !== right;
  }
}
