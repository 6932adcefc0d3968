import { db, migrateDatabase } from '../../lib/database/db';
import { closeTestPortal, openTestPortal } from '../support/portal';

beforeAll(openTestPortal);
afterAll(closeTestPortal);

const AT = 1_511_100_000_000;
const code = {
  ...{ session_digest: 'digest', telephone: '09012345678', method: 'sms', code_hash: 'hash', tries: 0 },
  ...{ state: 'sent', requested_at: AT, expires_at: AT + 1000, live: false },
};
const device = { session_digest: 'digest', created_at: AT, last_used_at: AT, expires_at: AT + 1000 };
const event = { address: '127.0.0.1', at: AT, detail: '{}', account_id: 1 };

async function undoMigration(): Promise<void> {
  const { name } = await db('knex_migrations').whereLike('name', '%move_factor%').first<{ name: string }>();
  await db.migrate.down({ name });
}

/** An account with two my page logins and a Self ID, as the version before has it. */
async function insertEarlierRows(): Promise<void> {
  await db('accounts').insert({ id: 1, customer_number: 'C1', contact_number: '09012345678' });
  const login = { account_id: 1, password_hash: 'hash', created_at: AT };
  await db('logins').insert([
    { ...login, id: 1, kind: 'self', login: 'd1' },
    { ...login, id: 2, kind: 'email', login: 'taro@example.jp' },
    { ...login, id: 3, kind: 'email', login: 'hanako@example.jp' },
  ]);
  await db('verification_codes').insert([
    { ...code, id: 4, account_id: 1, request_id: 'one' },
    { ...code, id: 15, account_id: 1, request_id: 'two', live: true },
    { ...code, id: 16, account_id: 1, request_id: 'three' },
  ]);
  await db('verification_codes').where({ id: 16 }).delete();
  await db('trusted_devices').insert([
    { ...device, id: 1, account_id: 1, token_hash: 'a', user_agent: 'Firefox' },
    { ...device, id: 2, account_id: 1, token_hash: 'b', user_agent: 'Opera' },
    { ...device, id: 3, account_id: 1, token_hash: 'c', user_agent: 'Lynx' },
  ]);
  const hanako = { ...event, login: 'Hanako@example.jp' };
  await db('audit_events').insert([
    { ...hanako, event: 'code_request', user_agent: 'Firefox', detail: '{"code":15,"method":"sms"}' },
    { ...hanako, event: 'device_trusted', user_agent: 'Firefox', at: AT + 20 },
    // Two logins trusted such a browser at the same time: nobody knows whose it is.
    { ...hanako, event: 'device_trusted', user_agent: 'Opera', at: AT + 20 },
    { ...event, login: 'taro@example.jp', event: 'device_trusted', user_agent: 'Opera', at: AT + 30 },
    // Long after the device was made, so it was another.
    { ...hanako, event: 'device_trusted', user_agent: 'Lynx', at: AT + 60_000 },
  ]);
}

it('gives each login the number, codes and devices to the login that had them, and takes them back', async () => {
  await undoMigration();
  await insertEarlierRows();
  await migrateDatabase();

  expect(await db('logins').orderBy('id').pluck<string[]>('contact_number')).toEqual(
    Array(3).fill('09012345678'),
  );
  const codes = await db('verification_codes').orderBy('id').select('id', 'login_id', 'live');
  expect(
    codes.map(({ id, login_id, live }: Record<string, unknown>) => [id, login_id, Boolean(live)]),
  ).toEqual([
    [4, 2, false],
    [15, 3, true],
  ]);
  expect(await db('trusted_devices').select('id', 'login_id', 'token_hash', 'stolen_at')).toEqual([
    { id: 1, login_id: 3, token_hash: 'a', stolen_at: null },
  ]);
  const [added] = await db('verification_codes')
    .insert({ ...code, login_id: 2, request_id: 'four', live: true })
    .returning<{ id: number }[]>('id');
  const newId = added?.id ?? 0;
  expect(newId).toBeGreaterThan(15);

  await undoMigration();
  expect(await db('accounts').pluck<string[]>('contact_number')).toEqual(['09012345678']);
  const back = await db('verification_codes').orderBy('id').select('id', 'account_id');
  expect(back).toEqual([
    { id: 4, account_id: 1 },
    { id: newId, account_id: 1 },
  ]);
  expect(await db('trusted_devices').select('id', 'account_id')).toEqual([{ id: 1, account_id: 1 }]);
  await migrateDatabase();
});
