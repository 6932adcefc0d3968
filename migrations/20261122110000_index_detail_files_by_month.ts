import type { Knex } from 'knex';

/** The charges page asks for a month's files whether live or not: by the unique index of live ones it cannot. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('detail_files', (table) =>
    table.index(['contract_id', 'billing_month', 'kind']),
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('detail_files', (table) =>
    table.dropIndex(['contract_id', 'billing_month', 'kind']),
  );
}
