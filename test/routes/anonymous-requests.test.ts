import request from 'supertest';
import { createApp } from '../../app';
import { config } from '../../config';
import { getRedis } from '../../lib/redis/redis';
import { listIndexedSessions, MAX_SESSIONS_PER_LOGIN } from '../../lib/redis/session-index';
import { db } from '../../lib/database/db';
import { Browser } from '../support/browser';
import { closeTestPortal, openTestPortal } from '../support/portal';
import { emptyRedis, listRedisKeys } from '../support/redis-process';
import { createSelfPageUser, openSelfPageBrowser } from '../support/users';

Object.assign(config, { TRUST_PROXY: 1 });
const app = createApp();

beforeAll(openTestPortal);
afterAll(closeTestPortal);

const LONG_PATH = `/selfpage/charges?${'x=y&'.repeat(1000)}`;

/** A request of each kind that somebody can send without signing in. */
const KINDS: ((from: string) => request.Test)[] = [
  () => request(app).get('/'),
  () => request(app).get('/mypage/login'),
  () => request(app).get('/selfpage/charges/201711'),
  () => request(app).get(LONG_PATH),
  () => request(app).get('/mypage/usage'),
  (from) => request(app).get(`/nowhere/${from}`),
  () =>
    request(app).get('/').set('Cookie', 'meisai=s%3Ainvented.signature; meisai_visit=x.y; meisai_browser=z'),
  (from) => request(app).post('/selfpage/login').type('form').send({ loginId: from, password: 'x' }),
  () =>
    request(app)
      .post('/selfpage/password')
      .type('form')
      .send({ current: 'x'.repeat(10_000) }),
  () => request(app).post('/mypage/logout'),
];

describe('requests of visitors who are not signed in', () => {
  it('leave nothing in Redis', async () => {
    await emptyRedis();
    for (const [index, send] of KINDS.entries())
      for (let client = 0; client < 30; client += 1)
        await send(`10.0.${index}.${client}`).set('X-Forwarded-For', `10.0.${index}.${client}`);
    expect(await listRedisKeys('*')).toEqual([]);
  });

  it('leave only counters of limited size when passwords are guessed', async () => {
    await emptyRedis();
    const page = await request(app).get('/');
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
    const cookie = String(page.headers['set-cookie']).split(';')[0] ?? '';
    for (let client = 0; client < 60; client += 1) {
      const { status } = await request(app)
        .post('/selfpage/login')
        .set({ Cookie: cookie, 'X-Forwarded-For': `10.1.0.${client}` })
        .type('form')
        .send({ _csrf, loginId: `nobody-${client}`, password: 'wrong123' });
      expect(status).toBe(422);
    }
    const keys = await listRedisKeys('*');
    expect(keys.filter((key) => !key.startsWith('limit-'))).toEqual([]);
    for (const key of keys) expect(await getRedis().ttl(key)).toBeGreaterThan(0);
    const bytes = await Promise.all(keys.map((key) => getRedis().memory('USAGE', key)));
    expect(bytes.reduce<number>((sum, one) => sum + (one ?? 0), 0)).toBeLessThan(60_000);
  });

  it('end with a logout, which leaves the mark of the session', async () => {
    const browser = await openSelfPageBrowser(app, await createSelfPageUser());
    await emptyRedis();
    await browser.visit('/selfpage/contract');
    expect(await listRedisKeys('session*')).toEqual([]);
    const user = await createSelfPageUser();
    const other = await openSelfPageBrowser(app, user);
    await other.press('ログアウト');
    expect(await listRedisKeys('session:*')).toEqual([]);
  });
});

describe('the page that was asked for', () => {
  it.each([
    ['with its query', '/selfpage/charges/201711?page=2', '/selfpage/charges/201711?page=2'],
    ['without a long query', LONG_PATH, '/selfpage/charges'],
    ['without an address', '/selfpage/charges?next=https://evil.example/', '/selfpage/charges'],
    ['but none that does not exist', '/selfpage/nowhere', '/selfpage/contract'],
    ['but none that is too long', `/selfpage/charges/${'1'.repeat(300)}`, '/selfpage/contract'],
  ])('is one of ours, %s', async (_case, asked, page) => {
    const { login: loginId, password } = await createSelfPageUser();
    const browser = await new Browser(app).visit(asked);
    const cookie = browser.getCookie('meisai_visit');
    expect(cookie.length).toBeLessThan(600);
    const answer = await browser.send('/selfpage/login', {
      ...browser.getFields('ログイン'),
      loginId,
      password,
    });
    expect(answer.headers.location).toBe(page);
  });

  it('is not taken from a cookie that was changed', async () => {
    const { login: loginId, password } = await createSelfPageUser();
    const browser = await new Browser(app).visit('/');
    const [payload = '', signature = ''] = browser.getCookie('meisai_visit').split('.');
    const visit = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...visit, return_to: '/selfpage/password' })).toString(
      'base64url',
    );
    const fields = { ...browser.getFields('ログイン'), loginId, password };
    const logIn = (sent: string) =>
      request(app).post('/selfpage/login').set('Cookie', `meisai_visit=${sent}`).type('form').send(fields);
    expect((await logIn(`${changed}.${signature}`)).status).toBe(403);
    expect((await logIn(`${payload}.${signature}`)).headers.location).toBe('/selfpage/contract');
  });
});

it('keeps at most 10 sessions of a login: the oldest ends', async () => {
  const user = await createSelfPageUser();
  const { id } = await db('logins').where({ login: user.login }).first<{ id: number }>('id');
  const browsers: Browser[] = [];
  for (let sessions = 0; sessions <= MAX_SESSIONS_PER_LOGIN; sessions += 1)
    browsers.push(await openSelfPageBrowser(app, user));
  expect(await listIndexedSessions(id)).toHaveLength(MAX_SESSIONS_PER_LOGIN);

  const pages = await Promise.all(browsers.map((browser) => browser.visit('/selfpage/contract')));
  expect(pages.map(({ path }) => path)).toEqual(['/', ...Array<string>(10).fill('/selfpage/contract')]);
});
