import { type BoundSql, type CallSelection, getDirections, buildSelectionCondition } from './call-filter';
import type { CallTotals } from './call-totals';
import { type CallPage, type PageStart, findPageStart } from './page-start';
import { db, queryRows } from '../../lib/database/db';

/** A call as the pages show it. Times and durations in 0.1 s, `charge` in 1/100 yen. */
export interface Call {
  /** OUTGOING or INCOMING */
  direction: number;
  phone_number: string;
  started_at: number;
  duration: number;
  other_number: string;
  area: string;
  call_type: string;
  counted: boolean | number;
  charge: number;
}

type ListTotals = Pick<CallTotals, 'calls' | 'charge'>;

/** The number of calls and their charge, from the sums: as quick for a million calls as for ten. */
export async function getCallTotals(selection: CallSelection): Promise<ListTotals> {
  const { sql, bindings } = buildSelectionCondition(selection);
  const table = selection.number ? 'number_sums' : 'contract_sums';
  const [totals] = await queryRows<ListTotals>(
    db,
    `SELECT COALESCE(SUM(calls), 0) AS calls, COALESCE(SUM(charge), 0) AS charge FROM ${table} WHERE ${sql}`,
    bindings,
  );
  return totals ?? { calls: 0, charge: 0 };
}

/**
 * A page of calls, oldest first. They are looked for by their keys, which the index by time has, so that the calls
 * before the page cost little; the sums tell where it begins: page 100,000 reads no more than page 1.
 */
export async function listCalls(selection: CallSelection, page: CallPage): Promise<Call[]> {
  const rows = Math.min(page.limit, page.total - page.offset);
  if (rows <= 0) return [];
  const keys = buildKeysQuery(selection, await findPageStart(selection, page), rows);
  // SQLite goes through a cross join as it is written: from the keys to the calls.
  const sql = `
    SELECT c.direction, n.number AS phone_number, c.started_at, c.duration, c.other_number,
      a.name AS area, t.label AS call_type, t.counted, c.charge
    FROM (${keys.sql}) AS k
    CROSS JOIN calls c
    JOIN call_types t ON t.id = c.call_type_id
    JOIN areas a ON a.id = c.area_id
    JOIN phone_numbers n ON n.id = c.phone_number_id
    WHERE c.billing_month = ? AND c.contract_id = ? AND c.direction = k.direction
      AND c.phone_number_id = k.phone_number_id AND c.started_at = k.started_at AND c.id = k.id
    ORDER BY c.started_at, c.id`;
  return queryRows<Call>(db, sql, [...keys.bindings, selection.month, selection.contractId]);
}

/** The keys of a page's calls. Outgoing and incoming ones lie apart: each is read in its order, no further than needed. */
function buildKeysQuery(selection: CallSelection, start: PageStart, rows: number): BoundSql {
  const { skip } = start;
  const [direction = 0, ...others] = getDirections(selection);
  if (others.length === 0) return buildDirectionKeysQuery(selection, direction, start, rows, skip);
  const directionQueries = getDirections(selection).map((way) =>
    buildDirectionKeysQuery(selection, way, start, skip + rows, 0),
  );
  return {
    sql: `${directionQueries.map(({ sql }) => `SELECT * FROM (${sql}) AS way`).join(' UNION ALL ')} ${buildPageClause(start)}`,
    bindings: [...directionQueries.flatMap(({ bindings }) => bindings), rows, skip],
  };
}

function buildDirectionKeysQuery(
  selection: CallSelection,
  direction: number,
  start: PageStart,
  rows: number,
  skip: number,
): BoundSql {
  const { sql, bindings } = buildSelectionCondition(selection, [direction]);
  const border = start.isBackward ? 'started_at < ?' : 'started_at >= ?';
  return {
    sql: `SELECT direction, phone_number_id, started_at, id FROM calls WHERE ${sql} AND ${border} ${buildPageClause(start)}`,
    bindings: [...bindings, start.from, rows, skip],
  };
}

function buildPageClause({ isBackward }: PageStart): string {
  const order = isBackward ? 'started_at DESC, id DESC' : 'started_at, id';
  return `ORDER BY ${order} LIMIT ? OFFSET ?`;
}
