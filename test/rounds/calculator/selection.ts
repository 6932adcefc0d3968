import type { Calculator } from './calculator';
import { getFirstDay, getLastDay, type Month } from './civil-time';
import type { CallType, Direction, Line, Service, StoredCall } from './records';

/** Which calls: all that is left open does not matter. */
export interface Selection {
  contract?: string;
  month?: Month;
  number?: string;
  service?: Service;
  direction?: Direction;
  ofType?: (type: CallType) => boolean;
}

/** The calls in question, in the order in which they were imported. */
export const selectCalls = (
  calculator: Calculator,
  { contract, month, number, service, direction, ofType }: Selection,
): StoredCall[] =>
  calculator.calls.filter(
    (call) =>
      (number === undefined || call.number === number) &&
      (direction === undefined || call.direction === direction) &&
      (service === undefined || calculator.getLine(call.number).service === service) &&
      (ofType === undefined || ofType(calculator.getType(call.type))) &&
      (month === undefined || calculator.getBillingMonth(call) === month) &&
      (contract === undefined || calculator.getContract(call).code === contract),
  );

/** Durations in 0.1 s, charges in 1/100 yen. */
export interface Totals {
  calls: number;
  duration: number;
  charge: number;
}

export function sumCalls(calculator: Calculator, calls: readonly StoredCall[]): Totals {
  const totals = { calls: 0, duration: 0, charge: 0 };
  for (const call of calls) {
    totals.calls += 1;
    totals.duration += calculator.getTimedDuration(call);
    totals.charge += call.charge;
  }
  return totals;
}

/** The oldest first; calls that began at the same time in the order of their import. */
export const sortByStart = (calls: readonly StoredCall[]): StoredCall[] =>
  [...calls].sort((one, other) => one.start - other.start);

/**
 * The numbers that a contract held on one of a month's days, or that have calls in it; where the operator's control
 * numbers are known as such, those only with calls. By number.
 */
export function listNumbers(
  calculator: Calculator,
  contract: string,
  month: Month,
  service: Service = 'ip050',
): Line[] {
  const { lines, holdings, contracts } = calculator.stock;
  const hidesControlNumbers = contracts.some(
    ({ code, hasControlNumbers }) => code === contract && hasControlNumbers,
  );
  const isHeld = (line: Line) =>
    holdings.some(
      ({ number, firstDay, lastDay, ...held }) =>
        number === line.number &&
        held.contract === contract &&
        firstDay <= getLastDay(month) &&
        (lastDay === '' || lastDay >= getFirstDay(month)),
    );
  return lines
    .filter((line) => line.service === service)
    .filter(
      (line) =>
        selectCalls(calculator, { contract, month, number: line.number }).length > 0 ||
        (isHeld(line) && !(hidesControlNumbers && line.kind === 'contract')),
    )
    .sort((one, other) => (one.number < other.number ? -1 : 1));
}

/** 050-1234-5678 */
export const writeNumber = (calculator: Calculator, number: string): string =>
  calculator.stock.hyphenated.get(number) ?? number;
