import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('telegrams', (table) => {
    table.increments('id');
    table.text('source_id').notNullable().unique();
    table.integer('contract_id').notNullable().references('contracts.id');
    table.integer('phone_number_id').notNullable().references('phone_numbers.id');
    table.integer('billing_month').notNullable();
    table.text('sent_on').notNullable().comment('YYYY-MM-DD in Japan');
    table.text('recipient').notNullable();
    table.text('kind').notNullable();
    table.integer('count').notNullable();
    table.bigInteger('charge').notNullable().comment('1/100 yen');
    table.index(['contract_id', 'billing_month', 'sent_on', 'id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('telegrams');
}
