import type { Knex } from 'knex';

async function createInvoices(knex: Knex): Promise<void> {
  await knex.schema.createTable('invoices', (table) => {
    table.increments('id');
    table.text('number').notNullable().unique();
    table.text('customer_number').notNullable();
    table.integer('billing_month').notNullable();
    table.text('due_date').notNullable().comment('YYYY-MM-DD in Japan');
    table.text('payment_method').notNullable().comment('as it is shown');
    table.text('status').notNullable().comment('as it is shown');
    table.index(['customer_number', 'billing_month']);
  });
  await knex.schema.createTable('invoice_lines', (table) => {
    table.integer('invoice_id').notNullable().references('invoices.id').onDelete('CASCADE');
    table.integer('line').notNullable();
    table.text('description').notNullable();
    table.bigInteger('amount').notNullable().comment('1/100 yen without tax; negative: a discount');
    table.integer('tax_rate').notNullable().comment('percent; 0 is free of tax');
    table.primary(['invoice_id', 'line']);
  });
}

async function createUsages(knex: Knex): Promise<void> {
  await knex.schema.createTable('contract_services', (table) => {
    table.integer('contract_id').notNullable().references('contracts.id').onDelete('CASCADE');
    table.text('service').notNullable().comment('internet, hikari, mobile, ip050 or payon');
    table.primary(['contract_id', 'service']);
  });
  await knex.schema.createTable('usages', (table) => {
    table.increments('id');
    table.text('source_id').notNullable().unique().comment("the billing system's own id");
    table.integer('contract_id').notNullable().references('contracts.id');
    table.text('service').notNullable().comment('internet or payon');
    table.integer('billing_month').notNullable();
    table
      .bigInteger('used_at')
      .notNullable()
      .comment('0.1 s since the epoch; of payon the midnight of its day');
    table.integer('duration').comment('0.1 s: internet');
    table.bigInteger('bytes').comment('internet');
    table.text('merchant').comment('payon');
    table.bigInteger('amount').comment('1/100 yen: payon');
    table.index(['contract_id', 'service', 'billing_month', 'used_at', 'id']);
  });
}

export async function up(knex: Knex): Promise<void> {
  await createInvoices(knex);
  await createUsages(knex);
  await knex.schema.alterTable('phone_numbers', (table) => {
    table.text('service').notNullable().defaultTo('ip050').comment('ip050, hikari or mobile');
  });
  const sms = {
    code: 'sms',
    label: 'SMS',
    category: 'mobile',
    fees_column: 'other_mobile',
    usage_row: 'mobile',
  };
  await knex('call_types')
    .insert({ ...sms, counted: true })
    .onConflict('code')
    .ignore();
}

export async function down(knex: Knex): Promise<void> {
  // Calls may have the type by now.
  await knex('call_types')
    .where({ code: 'sms' })
    .whereNotIn('id', knex('calls').select('call_type_id'))
    .delete();
  await knex.raw('ALTER TABLE phone_numbers DROP COLUMN service');
  for (const table of ['usages', 'contract_services', 'invoice_lines', 'invoices'])
    await knex.schema.dropTable(table);
}
