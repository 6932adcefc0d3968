import type { Knex } from 'knex';
import { type CallSelection, callTypeIds, directionsOf, sumsOf } from './call-selection';
import { type PageStart, startOfPage } from './call-stretch';
import { db } from './db';

/** A call as the pages show it. Times and durations in 0.1 s, `charge` in 1/100 yen. */
export interface Call {
  /** OUTGOING or INCOMING */
  direction: number;
  phone_number: string;
  started_at: number;
  duration: number;
  other_number: string;
  hyphens: number;
  area: string;
  call_type: string;
  counted: boolean | number;
  charge: number;
}

export interface CallTotals {
  calls: number;
  charge: number;
}

/** The number of calls and their charge, from the sums: as quick for a million calls as for ten. */
export async function totalCalls(selection: CallSelection): Promise<CallTotals> {
  const row = await sumsOf(selection, selection.number ? 'number_sums' : 'contract_sums')
    .sum({ calls: 's.calls', charge: 's.charge' })
    .first<{ calls: number | null; charge: number | null }>();
  return { calls: row.calls ?? 0, charge: row.charge ?? 0 };
}

/**
 * A page of calls, oldest first. The counts by day (of a number) and by hour (of a contract) tell where the page
 * begins, so that page 100,000 reads no more than page 1.
 */
export async function listCalls(selection: CallSelection, offset: number, limit: number): Promise<Call[]> {
  const start = await startOfPage(selection, offset);
  const types = await callTypeIds(selection.number?.types ?? {});
  return db
    .from(pageOf(selection, types, start, limit).as('c'))
    .join('call_types as t', 't.id', 'c.call_type_id')
    .join('areas as a', 'a.id', 'c.area_id')
    .join('phone_numbers as n', 'n.id', 'c.phone_number_id')
    .orderBy(['c.started_at', 'c.id'])
    .select<Call[]>(
      'c.direction',
      'n.number as phone_number',
      'c.started_at',
      'c.duration',
      'c.other_number',
      'c.hyphens',
      'a.name as area',
      't.label as call_type',
      't.counted',
      'c.charge',
    );
}

/** The calls themselves. Outgoing and incoming ones lie apart: each is read in its order, no further than needed. */
function pageOf(selection: CallSelection, types: number[], { from, skip }: PageStart, limit: number) {
  const ways = directionsOf(selection).map((direction) => callsFrom(from, selection, types, direction));
  const [way] = ways;
  if (way && ways.length === 1) return paged(way, skip, limit);
  const parts = ways.map((part) => db.select('*').from(paged(part, 0, skip + limit).as('way')));
  return paged(db.from(db.unionAll(parts).as('ways')), skip, limit);
}

const paged = (calls: Knex.QueryBuilder, offset: number, limit: number): Knex.QueryBuilder =>
  calls.orderBy(['started_at', 'id']).offset(offset).limit(limit);

function callsFrom(
  from: number,
  selection: CallSelection,
  types: number[],
  direction: number,
): Knex.QueryBuilder {
  const { contractId, month, number } = selection;
  const calls = db('calls')
    .where({ contract_id: contractId, billing_month: month, direction })
    .where('started_at', '>=', from);
  if (!number) return calls;
  return calls.where('phone_number_id', number.phoneNumberId).whereIn('call_type_id', types);
}
