import type { Knex } from 'knex';

/** Sums of calls, kept in the transaction that changes the calls. `charge` in 1/100 yen, `duration` in 0.1 s. */
async function createSums(knex: Knex, name: string, keys: string[], sums: string[]): Promise<void> {
  await knex.schema.createTable(name, (table) => {
    for (const key of keys) table.integer(key).notNullable();
    for (const sum of sums) table.bigInteger(sum).notNullable();
    table.primary(keys);
  });
}

const SUMS = ['calls', 'duration', 'charge'];
const MONTH_KEYS = ['contract_id', 'billing_month'];

export async function up(knex: Knex): Promise<void> {
  // S6, M7's first table
  await createSums(knex, 'contract_sums', [...MONTH_KEYS, 'direction', 'call_type_id'], SUMS);
  // S7, M7's tables by number, the file of charges
  await createSums(
    knex,
    'number_sums',
    [...MONTH_KEYS, 'phone_number_id', 'direction', 'call_type_id'],
    SUMS,
  );
  // Where page N of a number's calls begins; a month by day
  await createSums(
    knex,
    'number_days',
    [...MONTH_KEYS, 'phone_number_id', 'direction', 'call_type_id', 'day'],
    SUMS,
  );
  // Where page N of all of a contract's calls begins
  await createSums(knex, 'contract_hours', [...MONTH_KEYS, 'direction', 'hour'], ['calls']);
  await knex.schema.createTable('contract_months', (table) => {
    table.integer('contract_id').notNullable();
    table.integer('billing_month').notNullable();
    table
      .integer('version')
      .notNullable()
      .comment('grows with every change of the calls; a detail file keeps it');
    table.primary(MONTH_KEYS);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['contract_months', 'contract_hours', 'number_days', 'number_sums', 'contract_sums'])
    await knex.schema.dropTable(table);
}
