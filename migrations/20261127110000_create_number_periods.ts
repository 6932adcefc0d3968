import type { Knex } from 'knex';

const isPostgres = (knex: Knex): boolean => (knex.client as { config: Knex.Config }).config.client === 'pg';

/** 0000-01-01 and 9999-12-31 in days since the epoch: nobody has said when existing numbers came and when they leave. */
const FIRST_DAY = -719_528;
const LAST_DAY = 2_932_896;

/** Tables whose rows are of a number or an alias for some days, and the column that names it. */
const periodTables = [
  { table: 'number_periods', key: 'phone_number_id' },
  { table: 'number_aliases', key: 'alias' },
];

async function createPeriodTables(knex: Knex): Promise<void> {
  const days = (table: string) => `
    first_day integer NOT NULL, -- days since 1970-01-01 in Japan, both included
    last_day integer NOT NULL,
    CONSTRAINT ${table}_days CHECK (first_day <= last_day)`;
  const clustered = isPostgres(knex) ? '' : 'WITHOUT ROWID';
  await knex.raw(`CREATE TABLE number_periods (
    phone_number_id integer NOT NULL REFERENCES phone_numbers (id) ON DELETE CASCADE,
    contract_id integer NOT NULL REFERENCES contracts (id),
    ${days('number_periods')},
    PRIMARY KEY (phone_number_id, first_day)
  ) ${clustered}`);
  await knex.raw(`CREATE TABLE number_aliases (
    alias text NOT NULL, -- the name by which a switch knows the line
    phone_number_id integer NOT NULL REFERENCES phone_numbers (id) ON DELETE CASCADE,
    ${days('number_aliases')},
    PRIMARY KEY (alias, first_day)
  ) ${clustered}`);
}

async function createPeriodIndexes(knex: Knex): Promise<void> {
  // Reads a contract's numbers without the table.
  await knex.raw(`CREATE INDEX number_periods_contract_id_index
    ON number_periods (contract_id, phone_number_id, first_day, last_day)`);
  await knex.raw('CREATE INDEX number_aliases_phone_number_id_index ON number_aliases (phone_number_id)');
}

/** Refuses, whoever writes, a row whose days overlap those of another row of the same number or alias. */
async function forbidOverlaps(knex: Knex): Promise<void> {
  if (isPostgres(knex)) await knex.raw(POSTGRES_CHECK);
  for (const { table, key } of periodTables)
    for (const event of ['INSERT', 'UPDATE'])
      await knex.raw(
        isPostgres(knex) ? buildPostgresTrigger(table, key, event) : buildSqliteTrigger(table, key, event),
      );
}

function buildSqliteTrigger(table: string, key: string, event: string): string {
  const itself = event === 'UPDATE' ? `AND NOT (${key} = OLD.${key} AND first_day = OLD.first_day)` : '';
  return `
    CREATE TRIGGER ${table}_no_overlap_${event.toLowerCase()} BEFORE ${event} ON ${table}
    WHEN EXISTS (
      SELECT 1 FROM ${table} WHERE ${key} = NEW.${key}
        AND first_day <= NEW.last_day AND last_day >= NEW.first_day ${itself}
    )
    BEGIN SELECT RAISE(ABORT, '${table}: periods of one ${key} overlap'); END`;
}

/**
 * Checks all rows of a statement at once. An exclusion constraint does the same for 70 microseconds a row, more than
 * everything else of an import together. Writers take turns until they commit, and each statement of the function sees
 * what the writer before has committed: which only READ COMMITTED promises.
 */
const POSTGRES_CHECK = `
  CREATE FUNCTION forbid_overlapping_periods() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    has_overlap boolean;
  BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION '%: written in READ COMMITTED only', TG_TABLE_NAME USING ERRCODE = 'feature_not_supported';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('meisai number periods'));
    EXECUTE format('SELECT EXISTS (
      SELECT 1 FROM changed c JOIN %1$I other ON other.%2$I = c.%2$I AND other.first_day <> c.first_day
        AND other.first_day <= c.last_day AND other.last_day >= c.first_day)', TG_TABLE_NAME, TG_ARGV[0])
      INTO has_overlap;
    IF has_overlap THEN
      RAISE EXCEPTION '%: periods of one % overlap', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
  END $$`;

const buildPostgresTrigger = (table: string, key: string, event: string): string => `
  CREATE TRIGGER ${table}_no_overlap_${event.toLowerCase()} AFTER ${event} ON ${table}
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION forbid_overlapping_periods('${key}')`;

/** Puts the rows of a table aside, in `kept_…`. */
const keepRows = (knex: Knex, table: string): Promise<unknown> =>
  knex.raw(`CREATE TEMP TABLE kept_${table} AS SELECT * FROM ${table}`);

/** Changes `phone_numbers`. SQLite cannot change its columns while another table refers to it. */
async function changePhoneNumbers(knex: Knex, change: () => Promise<void>): Promise<void> {
  if (isPostgres(knex)) return change();
  const definitions = (await knex('sqlite_master')
    .where({ tbl_name: 'telegrams' })
    .whereNotNull('sql')
    .orderBy('rowid')
    .pluck('sql')) as string[];
  await keepRows(knex, 'telegrams');
  await knex.schema.dropTable('telegrams');
  await change();
  for (const definition of definitions) await knex.raw(definition);
  await knex.raw('INSERT INTO telegrams SELECT * FROM kept_telegrams');
  await knex.raw('DROP TABLE kept_telegrams');
}

async function dropContracts(knex: Knex): Promise<void> {
  if (isPostgres(knex)) {
    await knex.raw('ALTER TABLE phone_numbers DROP COLUMN contract_id');
    return;
  }
  await knex.schema.dropTable('phone_numbers');
  await createPhoneNumbers(knex);
  await knex.raw(
    'INSERT INTO phone_numbers (id, number, kind, service) SELECT id, number, kind, service FROM kept_phone_numbers',
  );
}

const createPhoneNumbers = (
  knex: Knex,
  addOthers?: (table: Knex.CreateTableBuilder) => void,
): Promise<void> =>
  knex.schema.createTable('phone_numbers', (table) => {
    table.increments('id');
    addOthers?.(table);
    table.text('number').notNullable().unique().comment('digits');
    table.text('kind').notNullable().comment('contract or free_call');
    table.text('service').notNullable().defaultTo('ip050').comment('ip050, hikari or mobile');
  });

export async function up(knex: Knex): Promise<void> {
  for (const table of ['phone_numbers', 'number_aliases']) await keepRows(knex, table);
  await knex.schema.dropTable('number_aliases');
  await changePhoneNumbers(knex, () => dropContracts(knex));
  await createPeriodTables(knex);
  const days = `${FIRST_DAY}, ${LAST_DAY}`;
  await knex.raw(`INSERT INTO number_periods (phone_number_id, contract_id, first_day, last_day)
    SELECT id, contract_id, ${days} FROM kept_phone_numbers ORDER BY id`);
  await knex.raw(`INSERT INTO number_aliases (alias, phone_number_id, first_day, last_day)
    SELECT alias, phone_number_id, ${days} FROM kept_number_aliases ORDER BY alias`);
  await createPeriodIndexes(knex);
  await forbidOverlaps(knex);
  for (const table of ['phone_numbers', 'number_aliases']) await knex.raw(`DROP TABLE kept_${table}`);
}

/** The kept periods, of each number or alias the last one. */
const buildLastPeriods = (table: string, key: string): string => `(
  SELECT * FROM kept_${table}
  WHERE (${key}, first_day) IN (SELECT ${key}, max(first_day) FROM kept_${table} GROUP BY ${key})) AS lasts`;

async function restoreContracts(knex: Knex): Promise<void> {
  const lastPeriods = buildLastPeriods('number_periods', 'phone_number_id');
  if (isPostgres(knex)) {
    await knex.raw('ALTER TABLE phone_numbers ADD COLUMN contract_id integer REFERENCES contracts (id)');
    await knex.raw(`UPDATE phone_numbers SET contract_id = lasts.contract_id
      FROM ${lastPeriods} WHERE lasts.phone_number_id = phone_numbers.id`);
    await knex.raw('ALTER TABLE phone_numbers ALTER COLUMN contract_id SET NOT NULL');
  } else {
    await knex.schema.dropTable('phone_numbers');
    await createPhoneNumbers(knex, (table) =>
      table.integer('contract_id').notNullable().references('contracts.id'),
    );
    await knex.raw(`INSERT INTO phone_numbers (id, contract_id, number, kind, service)
      SELECT n.id, lasts.contract_id, n.number, n.kind, n.service
      FROM kept_phone_numbers n JOIN ${lastPeriods} ON lasts.phone_number_id = n.id`);
  }
  await knex.schema.alterTable('phone_numbers', (table) => {
    table.index(['contract_id', 'kind', 'number']);
  });
}

/** A number belongs to the contract that held it last, an alias to the number that had it last. */
export async function down(knex: Knex): Promise<void> {
  for (const { table } of [{ table: 'phone_numbers' }, ...periodTables]) await keepRows(knex, table);
  for (const { table } of periodTables) await knex.schema.dropTable(table);
  if (isPostgres(knex)) await knex.raw('DROP FUNCTION forbid_overlapping_periods');
  await changePhoneNumbers(knex, () => restoreContracts(knex));
  await knex.schema.createTable('number_aliases', (table) => {
    table.text('alias').primary().comment('the name by which a switch knows the line');
    table.integer('phone_number_id').notNullable().references('phone_numbers.id').onDelete('CASCADE').index();
  });
  await knex.raw(`INSERT INTO number_aliases (alias, phone_number_id)
    SELECT alias, phone_number_id FROM ${buildLastPeriods('number_aliases', 'alias')}`);
  for (const { table } of [{ table: 'phone_numbers' }, ...periodTables])
    await knex.raw(`DROP TABLE kept_${table}`);
}
