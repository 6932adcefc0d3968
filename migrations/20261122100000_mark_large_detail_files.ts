import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('detail_files', (table) => {
    table.boolean('large').notNullable().defaultTo(false).comment('waits among its like, small ones pass it');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE detail_files DROP COLUMN large');
}
