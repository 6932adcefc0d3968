import { isPostgres, type Queryable } from '../../lib/database/db';
import { OUTGOING } from '../call/new-call';
import { setImportBusyTimeout } from '../call/staging-table';
import { addToSummaries, subtractFromSummaries } from '../call/call-sums';

/** An outgoing call by its key, with its new month, type, charge (1/100 yen) and the rate that gave it. */
export interface ReratedRow {
  contract_id: number;
  billing_month: number;
  phone_number_id: number;
  started_at: number;
  id: number;
  new_month: number;
  call_type_id: number;
  charge: number;
  rate_id: number | null;
  /** Whether more than the rate has changed. */
  is_changed: boolean;
}

const KEY = ['billing_month', 'contract_id', 'phone_number_id', 'started_at', 'id'];
const columns = {
  contract_id: 'integer',
  billing_month: 'integer',
  phone_number_id: 'integer',
  started_at: 'bigint',
  id: 'bigint',
  new_month: 'integer',
  call_type_id: 'integer',
  charge: 'bigint',
  rate_id: 'integer',
  is_changed: 'boolean',
};
const names = Object.keys(columns) as (keyof ReratedRow)[];
const types = Object.values(columns);

/** Creates a temporary table of this connection: writing to it blocks nobody. */
export async function createReratedTable(connection: Queryable): Promise<void> {
  await setImportBusyTimeout(connection);
  const definitions = names.map((name, index) => `${name} ${types[index]}`);
  await connection.raw(
    `CREATE TEMP TABLE rerated_calls (${definitions.join(', ')}, PRIMARY KEY (${KEY.join(', ')}))`,
  );
}

export async function stageRerated(on: Queryable, rows: ReratedRow[]): Promise<void> {
  if (rows.length === 0) return;
  if (!isPostgres) {
    const values = names.map((_, index) => `value ->> ${index}`).join(', ');
    const lists = JSON.stringify(rows.map((row) => names.map((name) => row[name])));
    await on.raw(`INSERT INTO rerated_calls SELECT ${values} FROM json_each(?)`, [lists]);
    return;
  }
  const arrays = names.map((name) => `{${rows.map((row) => row[name] ?? 'NULL').join(',')}}`);
  const lists = types.map((type) => `?::${type}[]`).join(', ');
  await on.raw(`INSERT INTO rerated_calls SELECT * FROM unnest(${lists})`, arrays);
}

export async function clearRerated(on: Queryable): Promise<void> {
  await on.raw('DELETE FROM rerated_calls');
}

const SAME_CALL = KEY.map((name) => `calls.${name} = rerated_calls.${name}`).join(' AND ');
const OLD_CALLS = `(SELECT calls.* FROM rerated_calls JOIN calls ON ${SAME_CALL} AND calls.direction = ${OUTGOING}
  WHERE is_changed) AS changed`;
const NEW_CALLS = OLD_CALLS.replace('= rerated_calls.billing_month', '= rerated_calls.new_month');

/** Updates these calls, all sums, and the versions of their months. */
export async function applyRerated(trx: Queryable): Promise<void> {
  if (isPostgres) await trx.raw('ANALYZE rerated_calls');
  await subtractFromSummaries(trx, OLD_CALLS);
  await trx.raw(`
    UPDATE calls SET charge = rerated_calls.charge, call_type_id = rerated_calls.call_type_id,
      rate_id = rerated_calls.rate_id, billing_month = rerated_calls.new_month
    FROM rerated_calls WHERE ${SAME_CALL} AND calls.direction = ${OUTGOING}`);
  await addToSummaries(trx, NEW_CALLS);
}
