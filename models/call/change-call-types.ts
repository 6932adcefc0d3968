import { isPostgres, type Queryable, queryRows } from '../../lib/database/db';
import { OperatorError } from '../../lib/process/operator-error';
import { JST_TENTHS } from '../../lib/values/jst';
import { hasSameValues } from '../../lib/values/has-same-values';
import type { BillingMonth } from '../billing/month';
import { monthLabel } from '../billing/month-label';
import { raiseMonthVersions } from '../billing/month-version';
import { addToSummaries, lockCalls, subtractFromSummaries } from './call-sums';
import { type CallType, listCallTypes } from './call-type';
import { ensureCallPartitions } from './partition';
import { findPublishedMonths } from './published-month';
import { listMonthsAround } from './staging-table';

/** Call types cannot be changed; nothing has changed. */
export class CallTypeError extends OperatorError {}

export type NewCallType = Omit<CallType, 'id'>;

/** What a change of call types touches in a month. */
export interface TouchedMonth {
  billing_month: BillingMonth;
  contracts: number;
  calls: number;
  /** 1/100 yen, of the calls of these types */
  charge: number;
  is_published: boolean;
}

export interface CallTypeOptions {
  /** Changes published months too. */
  force?: boolean | undefined;
  /** Tells what would be touched, and changes nothing. */
  isDryRun?: boolean | undefined;
}

/**
 * Creates call types, or gives them other labels and classes, by code. Calls of a type that is counted from now on, or no
 * longer, change in all that depends on it: how they are shown and summed, and their month. Returns the months that have
 * calls of changed types.
 *
 * @throws CallTypeError if one of these months is published and the change is not forced
 */
export async function saveCallTypes(
  types: readonly NewCallType[],
  { force = false, isDryRun = false }: CallTypeOptions,
  trx: Queryable,
): Promise<TouchedMonth[]> {
  await lockCalls(trx);
  const known = new Map((await listCallTypes(trx)).map((type) => [type.code, type]));
  const changed = types.flatMap((type) => {
    const before = known.get(type.code);
    return before && !hasSameValues<NewCallType>(before, type) ? [{ before, type }] : [];
  });
  const touched = await listTouchedMonths(
    trx,
    changed.map(({ before }) => before.id),
  );
  if (isDryRun) return touched;
  const published = touched.filter(({ is_published }) => is_published);
  if (published.length > 0 && !force) throw new CallTypeError(explainPublished(published));
  for (const { before, type } of changed)
    if (Boolean(before.counted) !== Boolean(type.counted)) await recountCalls(trx, before.id, type, touched);
    else await raiseMonthVersions(trx, MONTHS_OF_TYPE, [before.id]);
  for (const type of types) await trx('call_types').insert(type).onConflict('code').merge();
  return touched;
}

const MONTHS_OF_TYPE = 'SELECT DISTINCT contract_id, billing_month FROM contract_sums WHERE call_type_id = ?';

const explainPublished = (months: TouchedMonth[]): string =>
  `Published months have calls of these types: ${months.map(({ billing_month }) => monthLabel(billing_month)).join(', ')}. ` +
  'Nothing is changed. Withdraw them by meisai month withdraw, or give --force';

async function listTouchedMonths(trx: Queryable, typeIds: number[]): Promise<TouchedMonth[]> {
  if (typeIds.length === 0) return [];
  const rows = await queryRows<Omit<TouchedMonth, 'is_published'>>(
    trx,
    `SELECT billing_month, COUNT(DISTINCT contract_id) AS contracts, SUM(calls) AS calls, SUM(charge) AS charge
    FROM contract_sums WHERE call_type_id IN (${typeIds.join(', ')}) GROUP BY billing_month ORDER BY billing_month`,
  );
  const published = await findPublishedMonths(
    rows.map(({ billing_month }) => billing_month),
    trx,
  );
  return rows.map((row) => ({ ...row, is_published: published.has(row.billing_month) }));
}

/** Moves the calls of a type into the months and sums of its new kind. */
async function recountCalls(
  trx: Queryable,
  typeId: number,
  type: NewCallType,
  touched: TouchedMonth[],
): Promise<void> {
  const months = touched.map(({ billing_month }) => billing_month);
  await ensureCallPartitions(listMonthsAround(months));
  const ofType = `billing_month IN (${months.join(', ') || 0}) AND call_type_id = ${typeId}`;
  const month = buildMonthExpression(type.counted ? 'started_at' : 'started_at + duration - 1');
  await trx.raw(`CREATE TEMP TABLE recounted_calls AS SELECT * FROM calls WHERE ${ofType}`);
  await subtractFromSummaries(trx, 'recounted_calls');
  await trx('call_types').where({ id: typeId }).update({ counted: type.counted });
  await trx.raw(`UPDATE calls SET billing_month = ${month} WHERE ${ofType} AND billing_month <> ${month}`);
  await trx.raw(`UPDATE recounted_calls SET billing_month = ${month}`);
  await addToSummaries(trx, 'recounted_calls');
  await trx.raw('DROP TABLE recounted_calls');
}

/** SQL for the month in Japan of an instant in 0.1 s. */
const buildMonthExpression = (tenths: string): string =>
  isPostgres
    ? `to_char(to_timestamp(((${tenths} + ${JST_TENTHS}) / 10)::float8) AT TIME ZONE 'UTC', 'YYYYMM')::integer`
    : `CAST(strftime('%Y%m', (${tenths} + ${JST_TENTHS}) / 10, 'unixepoch') AS integer)`;
