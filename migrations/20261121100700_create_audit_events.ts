import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('audit_events', (table) => {
    table.increments('id');
    table.bigInteger('at').notNullable().comment('milliseconds');
    table.text('event').notNullable();
    table.text('login').notNullable();
    table.integer('account_id');
    table.text('address').notNullable();
    table.text('user_agent').notNullable();
    table.text('detail').notNullable().comment('JSON');
    table.index(['login', 'id']);
    table.index(['account_id', 'id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('audit_events');
}
