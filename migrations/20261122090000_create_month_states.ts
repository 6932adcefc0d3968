import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('published_months', (table) => {
    table.integer('billing_month').primary();
    table.bigInteger('published_at').notNullable().comment('milliseconds');
    table.text('published_by').notNullable();
  });
  await knex.schema.alterTable('call_batches', (table) => {
    table.bigInteger('late').notNullable().defaultTo(0).comment('calls added to months that were published');
    table.bigInteger('undone_at').comment('milliseconds');
    table.text('undone_by');
  });
  await knex.schema.createTable('call_batch_months', (table) => {
    table.integer('batch_id').notNullable().references('call_batches.id').onDelete('CASCADE');
    table.integer('billing_month').notNullable();
    table.bigInteger('calls').notNullable();
    table.bigInteger('duration').notNullable().comment('0.1 s');
    table.bigInteger('charge').notNullable().comment('1/100 yen, as it was imported');
    table.boolean('late').notNullable().comment('the month was published when they came');
    table.primary(['batch_id', 'billing_month']);
  });
  await knex.schema.alterTable('tariff_rates', (table) => {
    table.integer('connection_charge').notNullable().defaultTo(0).comment('1/100 yen for each call');
    table.integer('minimum_charge').notNullable().defaultTo(0).comment('1/100 yen for each call');
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const column of ['connection_charge', 'minimum_charge'])
    await knex.raw(`ALTER TABLE tariff_rates DROP COLUMN ${column}`);
  await knex.schema.dropTable('call_batch_months');
  for (const column of ['late', 'undone_at', 'undone_by'])
    await knex.raw(`ALTER TABLE call_batches DROP COLUMN ${column}`);
  await knex.schema.dropTable('published_months');
}
