import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('contracts', (table) => {
    table.increments('id');
    table.text('code').notNullable().unique();
    table.text('customer_number').notNullable().index();
    table.text('service').notNullable().comment('autocall (self page) or ip050 (my page)');
    table.integer('channels').notNullable();
    table.integer('extra_dialin_numbers').notNullable();
    table.text('start_date').notNullable().comment('YYYY-MM-DD in Japan');
    table.text('connection_type').notNullable();
    table.text('primary_dns').notNullable();
    table.text('secondary_dns').notNullable();
    table.text('options').notNullable().comment('codes joined by ;');
  });
  await knex.schema.createTable('phone_numbers', (table) => {
    table.increments('id');
    table.integer('contract_id').notNullable().references('contracts.id');
    table.text('number').notNullable().unique().comment('digits');
    table.text('kind').notNullable().comment('contract or free_call');
    table.index(['contract_id', 'kind', 'number']);
  });
  await knex.schema.createTable('number_aliases', (table) => {
    table.text('alias').primary().comment('the name by which a switch knows the line');
    table.integer('phone_number_id').notNullable().references('phone_numbers.id').onDelete('CASCADE').index();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('number_aliases');
  await knex.schema.dropTable('phone_numbers');
  await knex.schema.dropTable('contracts');
}
