import type { Calculator } from './calculator';
import type { Month } from './civil-time';
import type { Direction } from './records';
import { selectCalls, type Selection, sumCalls } from './selection';
import { writeCount, writeDuration, writeYenOnPage } from './words';

/** The lines of `meisai report`, without its heading: a line for whatever has calls, and both ways in any case. */
export function listReportLines(calculator: Calculator, month: Month): string[] {
  const { types, contracts } = calculator.stock;
  const listOutgoing = (selection: Selection) =>
    selectCalls(calculator, { month, direction: 'outgoing', ...selection });
  const writeLine = (name: string, calls: ReturnType<typeof listOutgoing>) => {
    const totals = sumCalls(calculator, calls);
    const count = `${writeCount(totals.calls)} call${totals.calls === 1 ? '' : 's'}`;
    return `${name}: ${count} ${writeDuration(totals.duration)} ${writeYenOnPage(totals.charge)}`;
  };
  const rows: [string, Selection][] = [
    ...types.map(({ code, label }): [string, Selection] => [
      `${code} ${label}`,
      { ofType: (type) => type.code === code },
    ]),
    ...contracts.flatMap(({ code }) =>
      (['ip050', 'hikari'] as const).map((service): [string, Selection] => [
        `${code} ${service}`,
        { contract: code, service },
      ]),
    ),
  ];
  const lines = rows.filter(([, selection]) => listOutgoing(selection).length > 0);
  const writeAll = (direction: Direction) =>
    writeLine(`all ${direction}`, selectCalls(calculator, { month, direction }));
  return [
    ...lines.map(([name, selection]) => writeLine(name, listOutgoing(selection))),
    writeAll('outgoing'),
    writeAll('incoming'),
  ];
}
