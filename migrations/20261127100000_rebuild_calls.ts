import type { Knex } from 'knex';

// The tables of calls with the month first in every key, so that a new month never touches the older ones, and with the
// identities of calls in a table of their own. Everything runs in the one transaction of the migrations: a killed run
// leaves the old tables.

const isPostgres = (knex: Knex): boolean => (knex.client as { config: Knex.Config }).config.client === 'pg';

const CALL_COLUMNS = `
  billing_month integer NOT NULL,
  contract_id integer NOT NULL,
  direction smallint NOT NULL, -- 0 outgoing, 1 incoming
  phone_number_id integer NOT NULL,
  started_at bigint NOT NULL, -- 0.1 s since the epoch
  id bigint NOT NULL, -- batch and place in it: the import order
  duration integer NOT NULL, -- 0.1 s, as the switch said, of counted calls too
  other_number text NOT NULL, -- digits: national with its 0, or E.164 without +
  area_id integer NOT NULL,
  line_class smallint NOT NULL, -- 0 external, 1 internal
  call_type_id integer NOT NULL,
  charge bigint NOT NULL, -- 1/100 yen
  rate_id integer, -- the tariff's rate that gave the charge; null where the record or version 0.1.0 did
  source_line integer, -- line of the imported file; null for calls of version 0.1.0
  PRIMARY KEY (billing_month, contract_id, direction, phone_number_id, started_at, id)`;
const CALL_KEY = 'billing_month, contract_id, direction, phone_number_id, started_at, id';
const OLD_COLUMNS = `${CALL_KEY}, duration, other_number, area_id, line_class, call_type_id, charge`;
const INDEX_BY_TIME =
  'CREATE INDEX calls_by_time ON calls (billing_month, contract_id, direction, started_at, id)';

const sourceColumns = (bytes: string): string => `
  month integer NOT NULL, -- the billing month when the call was first imported
  source ${bytes} NOT NULL, -- the digest that identifies the call; of version 0.1.0 its day and digest
  content bigint, -- checksum of what the record said; null for calls of version 0.1.0
  call_id bigint NOT NULL,
  PRIMARY KEY (month, source)`;

/** The sums of calls, their keys with the month first. */
const sumTables = [
  { name: 'contract_sums', keys: ['direction', 'call_type_id'] },
  { name: 'number_sums', keys: ['phone_number_id', 'direction', 'call_type_id'] },
  { name: 'number_days', keys: ['phone_number_id', 'direction', 'call_type_id', 'day'] },
  { name: 'contract_hours', keys: ['direction', 'hour'] },
  { name: 'contract_months', keys: [] },
].map(({ name, keys }) => ({ name, keys: ['billing_month', 'contract_id', ...keys] }));

const SUMS = ['calls', 'duration', 'charge'];
const VALUES: Record<string, string[]> = { contract_hours: ['calls'], contract_months: ['version'] };

/** Contract-months of fewer calls need no rows by hour: the pages find their way without. */
const MIN_CALLS_FOR_HOURS = 501;
const WITH_HOURS = `(contract_id, billing_month) IN (
  SELECT contract_id, billing_month FROM contract_sums
  GROUP BY contract_id, billing_month HAVING SUM(calls) >= ${MIN_CALLS_FOR_HOURS})`;

export async function up(knex: Knex): Promise<void> {
  await (isPostgres(knex) ? rebuildCallsOnPostgres(knex) : rebuildCallsOnSqlite(knex));
  for (const { name, keys } of sumTables) await rebuildSums(knex, name, keys);
  await knex.schema.createTable('batch_overlaps', (table) => {
    table.integer('batch_id').notNullable().references('call_batches.id').onDelete('CASCADE');
    table.integer('earlier_batch_id').notNullable().index();
    table.bigInteger('calls').notNullable().comment('records of the batch whose calls the earlier one has');
    table.primary(['batch_id', 'earlier_batch_id']);
  });
  await knex.schema.alterTable('call_batches', (table) => {
    table.smallint('identity_version').notNullable().defaultTo(1).comment('1: by version 0.1.0');
    table.bigInteger('differing').notNullable().defaultTo(0).comment('known calls with other content');
    table.bigInteger('replaced').notNullable().defaultTo(0).comment('calls of earlier batches replaced');
  });
  // A rate that is replaced stays, so that the charges it gave can be explained.
  await knex.schema.alterTable('tariff_rates', (table) => {
    table.bigInteger('replaced_at').comment('milliseconds');
    table.dropUnique(['tariff_id', 'prefix', 'from_time']);
  });
  await knex.raw(
    'CREATE UNIQUE INDEX tariff_rates_in_force ON tariff_rates (tariff_id, prefix, from_time) WHERE replaced_at IS NULL',
  );
}

async function rebuildCallsOnSqlite(knex: Knex): Promise<void> {
  await knex.raw('DROP INDEX calls_by_time');
  await knex.raw('ALTER TABLE calls RENAME TO old_calls');
  await knex.raw(`CREATE TABLE calls (${CALL_COLUMNS}) WITHOUT ROWID`);
  await knex.raw(
    `INSERT INTO calls (${OLD_COLUMNS}) SELECT ${OLD_COLUMNS} FROM old_calls ORDER BY ${CALL_KEY}`,
  );
  await knex.raw(INDEX_BY_TIME);
  await knex.raw(`CREATE TABLE call_sources (${sourceColumns('blob')}) WITHOUT ROWID`);
  await knex.raw(`
    INSERT INTO call_sources (month, source, call_id)
    SELECT billing_month, source, id FROM old_calls ORDER BY billing_month, source`);
  await knex.raw('DROP TABLE old_calls');
}

async function rebuildCallsOnPostgres(knex: Knex): Promise<void> {
  const months = await listMonths(knex);
  for (const index of ['calls_pkey', 'calls_billing_month_source_key', 'calls_by_time'])
    await knex.raw(`ALTER INDEX IF EXISTS ${index} RENAME TO old_${index}`);
  await knex.raw('ALTER TABLE calls RENAME TO old_calls');
  await knex.raw(`CREATE TABLE calls (${CALL_COLUMNS}) PARTITION BY RANGE (billing_month)`);
  await knex.raw(INDEX_BY_TIME);
  await knex.raw(`CREATE TABLE call_sources (${sourceColumns('bytea')}) PARTITION BY RANGE (month)`);
  for (const month of months) await movePartition(knex, month);
  await knex.raw('DROP TABLE old_calls');
}

async function listMonths(knex: Knex): Promise<number[]> {
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'calls'::regclass",
  );
  return rows.map(({ name }) => Number(name.replace('calls_', '')));
}

/** Fills the new partitions of a month before they are attached, so that their indexes are built at once. */
async function movePartition(knex: Knex, month: number): Promise<void> {
  await knex.raw(`ALTER TABLE calls_${month} RENAME TO old_calls_${month}`);
  for (const parent of ['calls', 'call_sources'])
    await knex.raw(
      `CREATE TABLE ${parent}_${month} (LIKE ${parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`,
    );
  await knex.raw(
    `INSERT INTO calls_${month} (${OLD_COLUMNS}) SELECT ${OLD_COLUMNS} FROM old_calls_${month} ORDER BY ${CALL_KEY}`,
  );
  await knex.raw(`
    INSERT INTO call_sources_${month} (month, source, call_id)
    SELECT billing_month, source, id FROM old_calls_${month} ORDER BY source`);
  await knex.raw(`DROP TABLE old_calls_${month}`);
  const next = month % 100 === 12 ? month + 89 : month + 1;
  for (const parent of ['calls', 'call_sources'])
    await knex.raw(
      `ALTER TABLE ${parent} ATTACH PARTITION ${parent}_${month} FOR VALUES FROM (${month}) TO (${next})`,
    );
}

async function rebuildSums(knex: Knex, name: string, keys: string[]): Promise<void> {
  const values = VALUES[name] ?? SUMS;
  const columns = [...keys, ...values].join(', ');
  if (isPostgres(knex)) await knex.raw(`ALTER INDEX ${name}_pkey RENAME TO old_${name}_pkey`);
  await knex.raw(`ALTER TABLE ${name} RENAME TO old_${name}`);
  await createSums(knex, name, keys, values);
  const wanted = name === 'contract_hours' ? `WHERE ${WITH_HOURS}` : '';
  await knex.raw(
    `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM old_${name} ${wanted} ORDER BY ${keys.join(', ')}`,
  );
  await knex.raw(`DROP TABLE old_${name}`);
}

async function createSums(knex: Knex, name: string, keys: string[], values: string[]): Promise<void> {
  const type = name === 'contract_months' ? 'integer' : 'bigint';
  const definitions = [
    ...keys.map((key) => `${key} integer NOT NULL`),
    ...values.map((value) => `${value} ${type} NOT NULL`),
    `PRIMARY KEY (${keys.join(', ')})`,
  ];
  await knex.raw(
    `CREATE TABLE ${name} (${definitions.join(', ')})${isPostgres(knex) ? '' : ' WITHOUT ROWID'}`,
  );
}

/** Only on a database without calls: what version 0.1.0 needs of them is not kept. */
export async function down(knex: Knex): Promise<void> {
  if (await knex('calls').first(knex.raw('1')))
    throw new Error(
      'The calls cannot go back to the tables of version 0.1.0: restore the backup made before',
    );
  await knex.raw('DROP INDEX tariff_rates_in_force');
  await knex('tariff_rates').whereNotNull('replaced_at').delete();
  await knex.raw('ALTER TABLE tariff_rates DROP COLUMN replaced_at');
  await knex.schema.alterTable('tariff_rates', (table) => table.unique(['tariff_id', 'prefix', 'from_time']));
  for (const column of ['identity_version', 'differing', 'replaced'])
    await knex.raw(`ALTER TABLE call_batches DROP COLUMN ${column}`);
  for (const table of ['batch_overlaps', 'call_sources', 'calls']) await knex.schema.dropTable(table);
  for (const { name, keys } of sumTables) {
    await knex.schema.dropTable(name);
    await createSums(knex, name, ['contract_id', 'billing_month', ...keys.slice(2)], VALUES[name] ?? SUMS);
  }
  await createOldCalls(knex);
}

async function createOldCalls(knex: Knex): Promise<void> {
  const columns = CALL_COLUMNS.replace(/ {2}rate_id[^]*$/, '');
  const key = 'PRIMARY KEY (contract_id, billing_month, direction, phone_number_id, started_at, id)';
  await knex.raw(
    isPostgres(knex)
      ? `CREATE TABLE calls (${columns} hyphens smallint NOT NULL, source bytea NOT NULL, ${key},
          UNIQUE (billing_month, source)) PARTITION BY RANGE (billing_month)`
      : `CREATE TABLE calls (${columns} hyphens smallint NOT NULL, source blob NOT NULL UNIQUE, ${key}) WITHOUT ROWID`,
  );
  await knex.raw(
    'CREATE INDEX calls_by_time ON calls (contract_id, billing_month, direction, started_at, id)',
  );
}
