import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('verification_codes', (table) => {
    table.increments('id');
    table.integer('account_id').notNullable().references('accounts.id');
    table.text('request_id').notNullable().comment('of the form: a double click asks once');
    table.text('session_digest').notNullable().comment('SHA-256 of the session id that asked');
    table.text('telephone').notNullable().comment('digits');
    table.text('method').notNullable().comment('sms or voice');
    table.text('code_hash').notNullable().comment('argon2id');
    table.text('sealed_code').comment('the digits, encrypted, until they have been sent');
    table
      .boolean('live')
      .notNullable()
      .comment('false before its turn, once used, and once a newer one took its place');
    table.integer('tries').notNullable().defaultTo(0);
    table.text('state').notNullable().comment('queued, sending, sent, delivered or failed');
    table.text('failure').comment('why it failed, in the words of the gateway or ours');
    table.text('gateway_id').index().comment('by which the gateway knows the message');
    table.bigInteger('requested_at').notNullable().comment('milliseconds, as the others');
    table.bigInteger('sending_at');
    table.bigInteger('expires_at').notNullable();
    table.unique(['account_id', 'request_id']);
    table.index(['account_id', 'requested_at']);
    table.index(['telephone', 'requested_at']);
    table.index(['state', 'id']);
  });
  await knex.raw('CREATE UNIQUE INDEX verification_codes_live ON verification_codes (account_id) WHERE live');
  await knex.schema.createTable('trusted_devices', (table) => {
    table.increments('id');
    table.integer('account_id').notNullable().references('accounts.id').index();
    table.text('token_hash').notNullable().unique().comment('SHA-256 of the token in the cookie');
    table
      .text('previous_hash')
      .index()
      .comment('of the token before: a second user of it is a thief, or was robbed');
    table.text('session_digest').notNullable().comment('SHA-256 of the session that used it last');
    table.text('user_agent').notNullable();
    table.bigInteger('created_at').notNullable().comment('milliseconds, as the others');
    table.bigInteger('last_used_at').notNullable();
    table.bigInteger('expires_at').notNullable();
  });
  await knex.raw('CREATE INDEX audit_events_any_case ON audit_events (lower(login), id)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP INDEX audit_events_any_case');
  await knex.schema.dropTable('trusted_devices');
  await knex.schema.dropTable('verification_codes');
}
