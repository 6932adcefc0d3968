import request from 'supertest';
import { createApp } from '../../app';
import { config } from '../../config';
import { db } from '../../lib/database/db';
import { createSelfPageUser } from '../support/users';
import { closeTestPortal, openTestPortal } from '../support/portal';

// The value that TRUST_PROXY=1 sets.
Object.assign(config, { TRUST_PROXY: 1, isSecure: true });
const app = createApp();

beforeAll(openTestPortal);
afterAll(closeTestPortal);

const getViaProxy = (path: string) =>
  request(app).get(path).set({ 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '203.0.113.9' });

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
      const page = await getViaProxy('/');
      const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
      const answer = await request(app)
        .post('/selfpage/login')
        .set({ 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': from })
        .set('Cookie', String(page.headers['set-cookie']).split(';')[0] ?? '')
        .type('form')
        .send({ _csrf, loginId, password });

      expect(answer.headers.location).toBe('/selfpage/contract');
      expect(await db('audit_events').where({ login: loginId }).pluck<string[]>('address')).toEqual([
        '203.0.113.9',
      ]);
    },
  );

  it('gives no session to who comes past the proxy without TLS', async () => {
    const plain = await request(app).get('/').set('X-Forwarded-Proto', 'http');
    expect(plain.headers['set-cookie']).toBeUndefined();
  });
});
