import type { Calculator } from './calculator';
import { listMonthsBefore, type Moment, type Month } from './civil-time';
import type { Category, Service, StoredCall, UsageRow } from './records';
import { listNumbers, selectCalls, type Selection, sortByStart, sumCalls, writeNumber } from './selection';
import {
  writeCount,
  writeDuration,
  writeDurationOnPage,
  writeMonth,
  writePeriod,
  writeStart,
  writeWholeYen,
  writeYenOnPage,
} from './words';

/** The rows of the pages, each cell as its words. */

const CATEGORIES: Category[] = ['domestic', 'international', 'mobile'];

const sumCharges = (calculator: Calculator, selection: Selection): number =>
  sumCalls(calculator, selectCalls(calculator, { ...selection, direction: 'outgoing' })).charge;

/** S6: the past months since the contract began, the previous first. */
export function listMonthRows(
  calculator: Calculator,
  contract: string,
  months: readonly Month[],
): string[][] {
  return months.map((month) => {
    const sum = (selection: Selection) =>
      `${writeWholeYen(sumCharges(calculator, { contract, month, ...selection }))}円`;
    const categories = CATEGORIES.map((category) => sum({ ofType: (type) => type.category === category }));
    return [writeMonth(month), sum({}), ...categories, writePeriod(month)];
  });
}

/** The months that S6 shows: the past four, from that of the contract's first day. */
export function listSelfPageMonths(calculator: Calculator, contract: string, now: Moment): Month[] {
  const firstDay = calculator.stock.contracts.find(({ code }) => code === contract)?.firstDay ?? '';
  const firstMonth = Number(firstDay.slice(0, 4) + firstDay.slice(5, 7));
  return listMonthsBefore(now, 4).filter((month) => month >= firstMonth);
}

export const listMyPageMonths = (now: Moment): Month[] => listMonthsBefore(now, 6);

/** S7: a row for each number, and below it the total. */
export function listNumberRows(
  calculator: Calculator,
  contract: string,
  month: Month,
): { rows: string[][]; total: string[] } {
  const writeSums = (selection: Selection) =>
    [undefined, ...CATEGORIES].map((category) =>
      writeYenOnPage(
        sumCharges(calculator, {
          ...{ contract, month, ...selection },
          ofType: category && ((type) => type.category === category),
        }),
      ),
    );
  return {
    rows: listNumbers(calculator, contract, month).map(({ number }) => [
      writeNumber(calculator, number),
      ...writeSums({ number }),
    ]),
    total: writeSums({}),
  };
}

/** A list of calls over all its pages, by the words above its columns. */
export interface CallList {
  count: string;
  /** Of outgoing calls. */
  charge: string;
  rows: Record<string, string>[];
}

/** S8 and the lists of the my page. */
export function listCallRows(calculator: Calculator, selection: Selection): CallList {
  const calls = sortByStart(selectCalls(calculator, selection));
  return {
    count: `全${writeCount(calls.length)}件`,
    charge: writeYenOnPage(sumCharges(calculator, selection)),
    rows: calls.map((call, index) => ({
      番号: writeCount(index + 1),
      ご利用電話番号: writeNumber(calculator, call.number),
      '発信/着信': call.direction === 'outgoing' ? '発信' : '着信',
      通話開始日時: writeStart(call.start),
      電話番号: call.other === '' ? '非通知' : writeNumber(calculator, call.other),
      地域名: call.area,
      呼種別: calculator.getType(call.type).label,
      通話時間: writeDurationOnCallRow(calculator, call),
      通話料金: writeYenOnPage(call.charge),
    })),
  };
}

const writeDurationOnCallRow = (calculator: Calculator, { type, duration }: StoredCall): string =>
  calculator.getType(type).isCounted ? '1件' : writeDurationOnPage(duration);

const USAGE_ROWS: [UsageRow, string][] = [
  ['general', '一般通話'],
  ['international', '国際通話'],
  ['mobile', '携帯通話'],
  ['ip', 'IP通話'],
  ['phs', 'PHS通話'],
];

/** M7: a table, of all numbers of a service or of one; 着割 is for 050 numbers. */
export function listUsageRows(
  calculator: Calculator,
  selection: { contract: string; month: Month; service: Service; number?: string },
): string[][] {
  const writeRow = (name: string, of: Selection) => {
    const { calls, duration, charge } = sumCalls(
      calculator,
      selectCalls(calculator, { ...selection, direction: 'outgoing', ...of }),
    );
    return [name, String(calls), writeDuration(duration), writeWholeYen(charge)];
  };
  const rows = USAGE_ROWS.map(([row, name]) =>
    writeRow(name, { ofType: ({ usageRow }) => usageRow === row }),
  );
  const received = sumCalls(calculator, selectCalls(calculator, { ...selection, direction: 'incoming' }));
  const discount = computeDiscount(received.duration, sumCharges(calculator, selection));
  const incoming = ['着割対象通話', String(received.calls), writeDuration(received.duration), discount];
  return [...rows, writeRow('合計', {}), ...(selection.service === 'ip050' ? [incoming] : [])];
}

/** Half a yen for each whole minute, half a yen rounded up, at most the charges (1/100 yen); without a fraction. */
function computeDiscount(duration: number, charges: number): string {
  let yen = 0;
  for (let minutes = 1; minutes * 600 <= duration; minutes += 2) yen += 1;
  const discount = writeWholeYen(Math.min(yen * 100, charges));
  return discount === '0' ? discount : `-${discount}`;
}

/** The numbers of a my page's month, as they stand in the headings. */
export const listUsageNumbers = (
  calculator: Calculator,
  contract: string,
  month: Month,
  service: Service,
): string[] => listNumbers(calculator, contract, month, service).map(({ number }) => number);
