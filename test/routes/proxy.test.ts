import request from 'supertest';
import { createApp } from '../../app';
import { config } from '../../config';
import { db } from '../../lib/database/db';
import { CappedCounter } from '../../lib/redis/capped-counter';
import { toClientKey } from '../../lib/values/client-address';
import { createSelfPageUser } from '../support/users';
import { closeTestPortal, openTestPortal } from '../support/portal';

// The value that TRUST_PROXY=1 sets.
Object.assign(config, { TRUST_PROXY: 1, isSecure: true });
const app = createApp();

beforeAll(openTestPortal);
afterAll(closeTestPortal);

const getViaProxy = (path: string) =>
  request(app).get(path).set({ 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '203.0.113.9' });

async function logIn(loginId: string, password: string, from: string): Promise<request.Response> {
  const page = await getViaProxy('/');
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
  return request(app)
    .post('/selfpage/login')
    .set({ 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': from })
    .set('Cookie', String(page.headers['set-cookie']).split(';')[0] ?? '')
    .type('form')
    .send({ _csrf, loginId, password });
}

describe('behind a TLS proxy', () => {
  it('keeps the cookie to TLS, and tells browsers to stay there', async () => {
    const login = await getViaProxy('/');
    expect(login.status).toBe(200);
    expect(String(login.headers['set-cookie'])).toMatch(/; HttpOnly; Secure; SameSite=Lax/);
    expect(login.headers['strict-transport-security']).toContain('max-age=31536000');
  });

  it.each(['203.0.113.9', '::ffff:203.0.113.9'])(
    'logs in, and keeps the customer’s address: %s',
    async (from) => {
      const { login: loginId, password } = await createSelfPageUser();
      const answer = await logIn(loginId, password, from);

      expect(answer.headers.location).toBe('/selfpage/contract');
      expect(await db('audit_events').where({ login: loginId }).pluck<string[]>('address')).toEqual([
        '203.0.113.9',
      ]);
    },
  );

  it('keeps no address that is none', async () => {
    const { login } = await createSelfPageUser();
    await logIn(login, 'wrong123', '<script>, unknown');
    const [address] = await db('audit_events').where({ login }).pluck<string[]>('address');
    expect(address).toBe('127.0.0.1');
  });

  it.each([
    ['an address with any port', (attempt: number) => `203.0.113.7:${5000 + attempt}`],
    ['the addresses of a /64', (attempt: number) => `2001:db8:7:7::${attempt.toString(16)}`],
  ])('counts %s as one client, over all logins', async (_case, getAddress) => {
    await new CappedCounter('client', { seconds: 900 }).add({ client: toClientKey(getAddress(0)) }, 198);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1)
      statuses.push((await logIn(`d00000000${attempt}`, 'wrong123', getAddress(attempt))).status);
    expect(statuses).toEqual([422, 422, 429]);
  });

  it('gives no session to who comes past the proxy without TLS', async () => {
    const plain = await request(app).get('/').set('X-Forwarded-Proto', 'http');
    expect(plain.headers['set-cookie']).toBeUndefined();
  });
});
