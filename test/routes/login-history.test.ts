import { createApp } from '../../app';
import { MAX_TRIES } from '../../models/sign-in/attempt-limit';
import { listAuditEvents } from '../../models/sign-in/audit';
import { Browser } from '../support/browser';
import { moveClock } from '../../lib/values/clock';
import { closeTestPortal, openTestPortal } from '../support/portal';
import {
  createMyPageUser,
  openMyPageBrowser,
  openVerifiedBrowser,
  type TestMyPageUser,
} from '../support/users';

const app = createApp();
const LOCK_MS = 15 * 60_000;

beforeAll(openTestPortal);
afterAll(closeTestPortal);

/** A browser that nobody has logged in with, which fails so often. */
async function failLogins({ login }: TestMyPageUser, times: number): Promise<Browser> {
  const browser = await new Browser(app).visit('/mypage/login');
  for (let tries = 0; tries < times; tries += 1)
    await browser.press('ログイン', { loginId: login, password: 'wrong' });
  return browser;
}

it('writes one event when a lock begins, and tells the refused tries in the next one', async () => {
  const member = await createMyPageUser();
  const known = await openMyPageBrowser(app, member);
  await known.press('ログアウト');
  const refused = await failLogins(member, MAX_TRIES + 25);
  expect(refused.status).toBe(429);

  const events = await listAuditEvents(100, member.login);
  expect(events.filter(({ event }) => event === 'login_failed')).toHaveLength(MAX_TRIES);
  const locks = events.filter(({ event }) => event === 'login_locked');
  expect(locks).toHaveLength(1);
  const times = events.filter(({ event }) => event === 'login_failed').map(({ at }) => at);
  expect(locks[0]?.detail).toEqual({ failures: times });

  await known.visit('/mypage/login');
  await known.press('ログイン', { loginId: member.login, password: member.password });
  const [newest] = await listAuditEvents(1, member.login);
  expect(newest).toMatchObject({ event: 'login', detail: { refused: 25 } });

  moveClock(LOCK_MS);
  await failLogins(member, 1);
  expect((await listAuditEvents(1, member.login))[0]).toMatchObject({ event: 'login_failed', detail: {} });
});

it('shows the logins beside the failures, however many these are', async () => {
  const member = await createMyPageUser();
  await openMyPageBrowser(app, member);
  for (let locks = 0; locks < 3; locks += 1) {
    await failLogins(member, MAX_TRIES + 2);
    moveClock(LOCK_MS + 1000);
  }
  const browser = await openVerifiedBrowser(app, member);
  await browser.visit('/mypage/logins');
  const words = browser.rows.map((row) => row[3] ?? '');
  expect(words.slice(0, 2)).toEqual(['ログイン (その前に2回、受付停止中のため拒否)', 'ログイン']);
  expect(words.slice(2)).toHaveLength(20);
  expect(words[2]).toBe('受付停止(パスワード誤りが続いたため)');
});
