import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('logins', (table) => {
    table.integer('browser_epoch').notNullable().defaultTo(0).comment('a reset makes all browsers unknown');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE logins DROP COLUMN browser_epoch');
}
