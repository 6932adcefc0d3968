import type { Knex } from 'knex';

/** The second factor belongs to a person, so it goes from the account, which several logins share, to the login. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('logins', (table) => {
    table.text('contact_number').comment('digits; where verification codes go');
  });
  await knex.raw(
    'UPDATE logins SET contact_number = (SELECT a.contact_number FROM accounts a WHERE a.id = logins.account_id)',
  );
  await knex.raw('ALTER TABLE accounts DROP COLUMN contact_number');
  await rebuildTable(knex, 'verification_codes', createCodes('login_id', 'logins.id'), {
    columns: { ...CODE_COLUMNS, login_id: LOGIN_OF_CODE, live: LIVE_OF_CODE },
    where: 'login_id IS NOT NULL',
  });
  await rebuildTable(knex, 'trusted_devices', createDevices('login_id', 'logins.id', addTheft), {
    columns: { ...DEVICE_COLUMNS, login_id: LOGIN_OF_DEVICE },
    where: 'login_id IS NOT NULL',
  });
}

/** An account gets the number of its first my page login back, and the codes and devices of all its logins. */
export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('accounts', (table) => {
    table.text('contact_number').comment('digits; where verification codes go');
  });
  await knex.raw(`
    UPDATE accounts SET contact_number = (
      SELECT l.contact_number FROM logins l WHERE l.account_id = accounts.id AND l.contact_number IS NOT NULL
      ORDER BY CASE l.kind WHEN 'email' THEN 0 ELSE 1 END, l.id LIMIT 1)`);
  await knex.raw('ALTER TABLE logins DROP COLUMN contact_number');
  const account_id = '(SELECT l.account_id FROM logins l WHERE l.id = old.login_id)';
  await rebuildTable(knex, 'verification_codes', createCodes('account_id', 'accounts.id'), {
    columns: { ...CODE_COLUMNS, account_id },
    // A request id, and a valid code, stand once in an account.
    where: `id IN (SELECT max(id) FROM moved_verification_codes GROUP BY account_id, request_id)
      AND (NOT live OR id IN (SELECT max(id) FROM moved_verification_codes WHERE live GROUP BY account_id))`,
  });
  await knex('trusted_devices').whereNotNull('stolen_at').delete();
  await rebuildTable(knex, 'trusted_devices', createDevices('account_id', 'accounts.id'), {
    columns: { ...DEVICE_COLUMNS, account_id },
    where: 'account_id IS NOT NULL',
  });
}

type CreateTable = (table: Knex.CreateTableBuilder) => void;

/** An expression of a row `old` for each column of the new table. */
interface Moved {
  columns: Record<string, string>;
  where: string;
}

const pickColumns = (names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `old.${name}`]));

const CODE_COLUMNS = pickColumns(
  `id request_id session_digest telephone method code_hash sealed_code live tries state failure gateway_id
   requested_at sending_at expires_at`.split(/\s+/),
);
const DEVICE_COLUMNS = pickColumns(
  'id token_hash previous_hash session_digest user_agent created_at last_used_at expires_at'.split(' '),
);

/** The login by whose audit event this code was asked for. */
const CODE_IN_AUDIT = `(
  SELECT l.id FROM audit_events e JOIN logins l ON lower(l.login) = lower(e.login) AND l.account_id = old.account_id
  WHERE e.event = 'code_request' AND e.account_id = old.account_id AND e.detail LIKE '{"code":' || old.id || ',%'
  ORDER BY e.id DESC LIMIT 1)`;
/** Codes without an event still count for the limit on sends, but are valid no more. */
const LOGIN_OF_CODE = `COALESCE(${CODE_IN_AUDIT},
  (SELECT min(l.id) FROM logins l WHERE l.account_id = old.account_id AND l.kind = 'email'))`;
const LIVE_OF_CODE = `(old.live AND ${CODE_IN_AUDIT} IS NOT NULL)`;

/** The one login that trusted this browser when the device was made; none if that is not certain. */
const LOGIN_OF_DEVICE = `(
  SELECT CASE WHEN count(DISTINCT l.id) = 1 THEN min(l.id) END
  FROM audit_events e JOIN logins l ON lower(l.login) = lower(e.login) AND l.account_id = old.account_id
  WHERE e.event = 'device_trusted' AND e.account_id = old.account_id AND l.kind = 'email'
    AND e.user_agent = old.user_agent AND e.at BETWEEN old.created_at AND old.created_at + 10000)`;

/** Makes a table anew and moves its rows; ids are never used again, because the queue remembers them. */
async function rebuildTable(
  knex: Knex,
  name: string,
  create: CreateTable,
  { columns, where }: Moved,
): Promise<void> {
  const isPostgres = (knex.client as { config: Knex.Config }).config.client === 'pg';
  const lastId = await readLastId(knex, name, isPostgres);
  const expressions = Object.entries(columns).map(([column, sql]) => `${sql} AS ${column}`);
  await knex.raw(`CREATE TABLE moved_${name} AS SELECT ${expressions.join(', ')} FROM ${name} old`);
  await knex.schema.dropTable(name);
  await knex.schema.createTable(name, create);
  const names = Object.keys(columns).join(', ');
  await knex.raw(`INSERT INTO ${name} (${names}) SELECT ${names} FROM moved_${name} WHERE ${where}`);
  await knex.schema.dropTable(`moved_${name}`);
  if (name === 'verification_codes') {
    const owner = 'login_id' in columns ? 'login_id' : 'account_id';
    await knex.raw(`CREATE UNIQUE INDEX verification_codes_live ON verification_codes (${owner}) WHERE live`);
  }
  if (lastId > 0) await continueIds(knex, name, lastId, isPostgres);
}

/** PostgreSQL gives a bigint as text. */
type LastId = { last: number | string } | undefined;

async function readLastId(knex: Knex, name: string, isPostgres: boolean): Promise<number> {
  const row = isPostgres
    ? await knex(`${name}_id_seq`).where({ is_called: true }).first<LastId>('last_value as last')
    : await knex('sqlite_sequence').where({ name }).first<LastId>('seq as last');
  const highest = await knex(name).max<{ id: number | null }[]>('id as id');
  return Math.max(Number(row?.last ?? 0), highest[0]?.id ?? 0);
}

async function continueIds(knex: Knex, name: string, lastId: number, isPostgres: boolean): Promise<void> {
  if (isPostgres) {
    await knex.raw('SELECT setval(pg_get_serial_sequence(?, ?), ?)', [name, 'id', lastId]);
    return;
  }
  await knex('sqlite_sequence').where({ name }).delete();
  await knex('sqlite_sequence').insert({ name, seq: lastId });
}

const createCodes =
  (owner: string, references: string): CreateTable =>
  (table) => {
    table.increments('id');
    table.integer(owner).notNullable().references(references);
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
    table.unique([owner, 'request_id']);
    table.index([owner, 'requested_at']);
    table.index(['telephone', 'requested_at']);
    table.index(['state', 'id']);
  };

const createDevices =
  (owner: string, references: string, addMore?: CreateTable): CreateTable =>
  (table) => {
    table.increments('id');
    table.integer(owner).notNullable().references(references).index();
    table.text('token_hash').notNullable().unique().comment('SHA-256 of the token in the cookie');
    table.text('previous_hash').index().comment('SHA-256 of the token before');
    table.text('session_digest').notNullable().comment('SHA-256 of the session that used it last');
    table.text('user_agent').notNullable();
    table.bigInteger('created_at').notNullable().comment('milliseconds, as the others');
    table.bigInteger('last_used_at').notNullable();
    table.bigInteger('expires_at').notNullable();
    addMore?.(table);
  };

const addTheft: CreateTable = (table) => {
  table
    .text('family_hash')
    .index()
    .comment('SHA-256 of the part that all tokens of the device share: an old one shows that it was stolen');
  table.bigInteger('stolen_at').comment('when an old token came again; what the device verified has ended');
};
