import { type Queryable, queryRows, runExclusively } from '../../lib/database/db';
import { buildJsonRows, type JsonRowColumns } from '../../lib/database/json-rows';
import { parseDay } from '../../lib/values/jst';
import { raiseVersionsOfContracts } from '../billing/month-version';
import {
  type KnownAlias,
  type KnownNumber,
  listNumbersOfAlias,
  type NumberLine,
  NumberRegister,
} from './number-register';
import type { NumberPeriod } from './number-period';
import type { NumberKind, PhoneNumber } from './phone-number';
import type { CallService } from './service';

/** The number or one of its aliases is already another line's. */
export class NumberTakenError extends Error {}

/**
 * Creates the number, held from the start of its contract, or changes its kind and service. Its aliases become exactly
 * these; without a list they stay, as does the service where none is given.
 *
 * @throws NumberTakenError where another contract has the number, or another line goes by it or by one of the aliases.
 */
export async function savePhoneNumber(
  contract_id: number,
  number: string,
  kind: NumberKind,
  aliases?: string[],
  service?: CallService,
): Promise<void> {
  // It reads before it writes: on SQLite another writer in between could not be waited for.
  await runExclusively(async (trx) => {
    const contract = await trx('contracts').where({ id: contract_id }).first<{ start_date: string }>();
    const line = { contract_id, start_day: parseDay(contract.start_date), number, kind, aliases, service };
    const [reason] = await savePhoneNumbers([line], trx);
    if (reason !== undefined) throw new NumberTakenError(reason);
  });
}

/**
 * Saves some thousand numbers in their order, by a few statements. Says of each why it is refused; undefined if it is
 * saved. A new number is held from the start of its contract; one that the contract held last keeps its days.
 */
export async function savePhoneNumbers(
  lines: readonly NumberLine[],
  on: Queryable,
): Promise<(string | undefined)[]> {
  const register = new NumberRegister(await readNumbers(lines, on), await readAliases(lines, on));
  const reasons = lines.map((line) => register.take(line));
  await writeRegister(register, on);
  await raiseVersionsOfContracts(on, register.changedContracts);
  return reasons;
}

async function readNumbers(lines: readonly NumberLine[], on: Queryable): Promise<KnownNumber[]> {
  const names = lines.flatMap(({ number, aliases = [] }) => [number, ...aliases.flatMap(listNumbersOfAlias)]);
  const rows = await queryRows<PhoneNumber & NumberPeriod>(
    on,
    `SELECT n.number, n.kind, n.service, p.contract_id, p.first_day, p.last_day
    FROM phone_numbers n JOIN number_periods p ON p.phone_number_id = n.id
    WHERE n.number IN (SELECT name FROM ${buildJsonRows({ name: 'text' })})
    ORDER BY p.first_day`,
    [toNamesJson(names)],
  );
  const numbers = new Map<string, KnownNumber>();
  for (const { number, kind, service, contract_id, first_day, last_day } of rows)
    numbers.set(number, { number, kind, service, last: { number, contract_id, first_day, last_day } });
  return [...numbers.values()];
}

function readAliases(lines: readonly NumberLine[], on: Queryable): Promise<KnownAlias[]> {
  const numbers = lines.map(({ number }) => number);
  const named = buildJsonRows({ name: 'text' });
  const select =
    'SELECT a.alias, n.number, a.first_day, a.last_day FROM number_aliases a JOIN phone_numbers n ON n.id = a.phone_number_id';
  return queryRows(
    on,
    `${select} WHERE a.alias IN (SELECT name FROM ${named}) UNION ${select} WHERE n.number IN (SELECT name FROM ${named})`,
    [toNamesJson([...numbers, ...lines.flatMap(({ aliases = [] }) => aliases)]), toNamesJson(numbers)],
  );
}

const toNamesJson = (names: string[]): string =>
  JSON.stringify([...new Set(names)].map((name) => ({ name })));

const DAYS = { first_day: 'integer', last_day: 'integer' } as const;

async function writeRegister(register: NumberRegister, on: Queryable): Promise<void> {
  const write = async (rows: object[], columns: JsonRowColumns, buildSql: (given: string) => string) => {
    if (rows.length > 0) await on.raw(buildSql(buildJsonRows(columns)), [JSON.stringify(rows)]);
  };
  // Deleted first: an alias may have passed from one number to another.
  await write(
    register.removedAliases,
    { alias: 'text', ...DAYS },
    (given) =>
      `DELETE FROM number_aliases WHERE (alias, first_day) IN (SELECT alias, first_day FROM ${given})`,
  );
  await write(
    register.changedNumbers,
    { number: 'text', kind: 'text', service: 'text' },
    (given) => `INSERT INTO phone_numbers (number, kind, service) SELECT number, kind, service FROM ${given}
      WHERE true ON CONFLICT (number) DO UPDATE SET kind = excluded.kind, service = excluded.service`,
  );
  await write(
    register.newPeriods,
    { number: 'text', contract_id: 'integer', ...DAYS },
    (given) => `INSERT INTO number_periods (phone_number_id, contract_id, first_day, last_day)
      SELECT n.id, contract_id, first_day, last_day
      FROM ${given} JOIN phone_numbers n ON n.number = given.number`,
  );
  await write(
    register.newAliases,
    { alias: 'text', number: 'text', ...DAYS },
    (given) => `INSERT INTO number_aliases (alias, phone_number_id, first_day, last_day)
      SELECT alias, n.id, first_day, last_day FROM ${given} JOIN phone_numbers n ON n.number = given.number`,
  );
}
