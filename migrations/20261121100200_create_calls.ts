import type { Knex } from 'knex';

const columns = `
  contract_id integer NOT NULL,
  billing_month integer NOT NULL,
  direction smallint NOT NULL, -- 0 outgoing, 1 incoming
  phone_number_id integer NOT NULL,
  started_at bigint NOT NULL, -- 0.1 s since the epoch
  id bigint NOT NULL, -- batch and place in it: the import order
  duration integer NOT NULL, -- 0.1 s
  other_number text NOT NULL, -- digits: national with its 0, or E.164 without +
  hyphens smallint NOT NULL, -- lengths of the first two groups of other_number: 24 is 03-1234-5678, 0 is none
  area_id integer NOT NULL,
  line_class smallint NOT NULL, -- 0 external, 1 internal
  call_type_id integer NOT NULL,
  charge bigint NOT NULL, -- 1/100 yen
`;

/** Clustered by the order of a detail file, so that a month is one sequential read. */
async function createOnSqlite(knex: Knex): Promise<void> {
  await knex.raw(`CREATE TABLE calls (${columns}
    source blob NOT NULL UNIQUE, -- day of the call, digest of the switch and its id of the call
    PRIMARY KEY (contract_id, billing_month, direction, phone_number_id, started_at, id)
  ) WITHOUT ROWID`);
}

/** Partitioned by month, so that old months are dropped, not deleted. */
async function createOnPostgres(knex: Knex): Promise<void> {
  await knex.raw(`CREATE TABLE calls (${columns}
    source bytea NOT NULL,
    PRIMARY KEY (contract_id, billing_month, direction, phone_number_id, started_at, id),
    UNIQUE (billing_month, source)
  ) PARTITION BY RANGE (billing_month)`);
}

/** The field's usual types. An operator adds others by `meisai import call-types`; nothing else knows this list. */
const defaultTypes = `
  domestic       国内呼           domestic      domestic     general
  ip             IP間呼           domestic      domestic     ip
  directory      番号案内         domestic      domestic     general
  special        特番呼           domestic      domestic     general
  free           フリーコール呼   domestic      domestic     general
  mobile_au      携帯呼(au)       mobile        au           mobile
  mobile_au_flat 携帯呼(au定額)   mobile        au           mobile
  mobile         携帯呼           mobile        other_mobile mobile
  phs            PHS呼            mobile        other_mobile phs
  international  国際呼           international international international`;

const callTypeRows = defaultTypes
  .trim()
  .split('\n')
  .map((line) => {
    const [code, label, category, fees_column, usage_row] = line.trim().split(/ +/);
    return { code, label, category, fees_column, usage_row, counted: code === 'directory' };
  });

const isPostgres = (knex: Knex): boolean => (knex.client as { config: Knex.Config }).config.client === 'pg';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('call_types', (table) => {
    table.increments('id');
    table.text('code').notNullable().unique();
    table.text('label').notNullable();
    table.text('category').notNullable().comment('domestic, international or mobile: S6 to S8');
    table.text('fees_column').notNullable().comment('domestic, international, au or other_mobile');
    table.text('usage_row').notNullable().comment('general, international, mobile, ip or phs: M7');
    table.boolean('counted').notNullable().comment('counted, not timed: 番号案内');
  });
  await knex('call_types').insert(callTypeRows);
  await knex.schema.createTable('areas', (table) => {
    table.increments('id');
    table.text('name').notNullable().unique();
  });
  await knex.schema.createTable('call_batches', (table) => {
    table.increments('id');
    table.text('file_name').notNullable();
    table.text('sha256').notNullable();
    table.text('format').notNullable();
    table.text('imported_by').notNullable();
    table.bigInteger('imported_at').notNullable().comment('milliseconds');
    for (const counter of ['records', 'added', 'duplicates', 'unanswered', 'rejected', 'duration', 'charge'])
      table.bigInteger(counter).notNullable();
  });
  await (isPostgres(knex) ? createOnPostgres(knex) : createOnSqlite(knex));
  await knex.raw(
    'CREATE INDEX calls_by_time ON calls (contract_id, billing_month, direction, started_at, id)',
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['calls', 'call_batches', 'areas', 'call_types']) await knex.schema.dropTable(table);
}
