import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('detail_files', (table) => {
    table.increments('id');
    table.integer('contract_id').notNullable().references('contracts.id');
    table.integer('billing_month').notNullable();
    table.text('kind').notNullable().comment('fees or calls');
    table.text('state').notNullable().comment('queued, making, ready or failed');
    table.boolean('live').notNullable().comment('false once it is history: past its time, or made anew');
    table.text('claim').comment('of the run that makes it: only that run may finish it');
    table.bigInteger('requested_at').notNullable().comment('milliseconds, as the others');
    table.bigInteger('started_at');
    table.bigInteger('finished_at');
    table.bigInteger('removed_at').comment('when its bytes were removed from the store');
    table.integer('data_version').comment('contract_months.version of the moment that it shows');
    table.bigInteger('rows');
    table.bigInteger('replaced_characters').comment('characters that CP932 lacks, written as 〓');
    table.bigInteger('rounded_amounts');
    table.bigInteger('rounded_difference').comment('1/100 yen: the sum of the lines less the true sum');
    table.text('failure').comment('a word for the page; the log has the error');
    table.index(['state', 'id']);
  });
  await knex.raw(
    'CREATE UNIQUE INDEX detail_files_live ON detail_files (contract_id, billing_month, kind) WHERE live',
  );
  await knex.schema.createTable('detail_file_parts', (table) => {
    table.integer('detail_file_id').notNullable().references('detail_files.id').onDelete('CASCADE');
    table.text('format').notNullable().comment('csv, utf8, csv-zip or utf8-zip');
    table.text('store_key').notNullable();
    table.bigInteger('bytes').notNullable();
    table.text('sha256').notNullable();
    table.primary(['detail_file_id', 'format']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('detail_file_parts');
  await knex.schema.dropTable('detail_files');
}
