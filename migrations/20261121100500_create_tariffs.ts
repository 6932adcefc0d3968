import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('tariffs', (table) => {
    table.increments('id');
    table.text('name').notNullable().unique();
  });
  await knex.schema.createTable('tariff_rates', (table) => {
    table.increments('id');
    table.integer('tariff_id').notNullable().references('tariffs.id').onDelete('CASCADE');
    table.text('prefix').notNullable().comment('first digits of the called number');
    table.bigInteger('from_time').notNullable().comment('0.1 s since the epoch: midnight in Japan');
    table.text('area').notNullable();
    table.integer('call_type_id').notNullable().references('call_types.id');
    table.integer('unit_charge').notNullable().comment('1/100 yen for each unit begun');
    table.integer('unit_duration').notNullable().comment('0.1 s');
    table.unique(['tariff_id', 'prefix', 'from_time']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('tariff_rates');
  await knex.schema.dropTable('tariffs');
}
