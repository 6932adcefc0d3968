import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('accounts', (table) => {
    table.increments('id');
    table.text('customer_number').notNullable().unique();
    table.text('contact_number').comment('digits; where verification codes go');
  });
  await knex.schema.createTable('logins', (table) => {
    table.increments('id');
    table.integer('account_id').notNullable().references('accounts.id').index();
    table
      .integer('contract_id')
      .references('contracts.id')
      .comment('of a Self ID: the one contract it shows');
    table.text('kind').notNullable().comment('self or email');
    table.text('login').notNullable().unique().comment('Self ID, or e-mail address in lower case');
    table.text('password_hash').notNullable().comment('argon2id');
    table.text('next_password_hash').comment('takes the place of password_hash at next_password_at');
    table.bigInteger('next_password_at').comment('milliseconds');
    table.text('last_change_id').comment('submission id of the latest change: a double click changes once');
    table
      .integer('session_epoch')
      .notNullable()
      .defaultTo(0)
      .comment('sessions of an earlier epoch have ended');
    table.bigInteger('created_at').notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('logins');
  await knex.schema.dropTable('accounts');
}
