import { load } from 'cheerio';
import request from 'supertest';
import { createApp } from '../../../app';
import { db } from '../../../lib/database/db';
import { Browser } from '../../support/browser';
import { createSelfPageUser, openSelfPageBrowser, type TestSelfPageUser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { waitFor } from '../../support/eventually';
import { signalRedis } from '../../support/redis-process';

const app = createApp();

let customer: TestSelfPageUser;
let browser: Browser;

beforeAll(async () => {
  await openTestPortal();
  customer = await createSelfPageUser();
  browser = await openSelfPageBrowser(app, customer);
});
afterAll(closeTestPortal);

describe('404', () => {
  it('tells a customer where to go, and a stranger to log in', async () => {
    await browser.visit('/selfpage/nothing');
    expect(browser.status).toBe(404);
    expect(browser.heading).toBe('ページが見つかりません');
    expect(browser.$('.ways a').first().text()).toBe('ご契約内容の確認');

    const stranger = await new Browser(app).visit('/nothing');
    expect(stranger.status).toBe(404);
    expect(stranger.$('.ways a').text()).toBe('ログイン画面へ');
  });

  it('answers a method that no page knows', async () => {
    for (const path of ['/', '/selfpage/contract', '/public/style.css', '/health/live', '/nothing']) {
      const { status, text } = await request(app).put(path).type('form').send({ current: 'x' });
      expect([status, load(text)('h1').text()]).toEqual([404, 'ページが見つかりません']);
    }
  });

  it('answers broken addresses, not with an error of ours', async () => {
    const broken = [
      '/%E0%A4%A',
      '/public/%ff',
      '/selfpage/charges/%00',
      '/selfpage/calls/201711/1/constructor',
    ];
    for (const path of broken) {
      await browser.visit(path);
      expect([browser.status, browser.heading]).toEqual([404, 'ページが見つかりません']);
      expect(browser.main).toContain('404 Not Found');
    }
  });
});

describe('403', () => {
  it('says what to do about an old form', async () => {
    await browser.visit('/selfpage/contract');
    await browser.post('/selfpage/logout', { _csrf: 'of another session' });
    expect(browser.status).toBe(403);
    expect(browser.heading).toBe('画面の有効期限が切れました');
    expect(browser.main).toContain('画面を更新(再読み込み)してから、もう一度操作してください');
    await browser.visit(browser.path);
    expect([browser.status, browser.path]).toEqual([200, '/selfpage/contract']);
  });
});

describe('413', () => {
  it('refuses a form of more than 50 kB', async () => {
    await browser.post('/selfpage/password', { current: 'x'.repeat(60_000) });
    expect(browser.status).toBe(413);
    expect(browser.heading).toBe('送信された内容が大きすぎます');
  });
});

describe('503', () => {
  it('says so while Redis is frozen, and recovers by itself', async () => {
    const frozen = await signalRedis('SIGSTOP');
    await browser.visit('/selfpage/charges');
    expect(browser.status).toBe(503);
    expect(browser.heading).toBe('ただいまご利用いただけません');
    const login = await new Browser(app).visit('/');
    expect(login.status).toBe(200);
    await login.press('ログイン', { loginId: 'd000000000', password: 'wrong123' });
    expect(login.status).toBe(503);

    await signalRedis('SIGCONT', frozen);
    await waitFor(async () => {
      await browser.visit('/selfpage/contract');
      expect(browser.status).toBe(200);
    });
  });

  it('keeps the session when Redis is killed and started again', async () => {
    await signalRedis('SIGKILL');
    await waitFor(async () => {
      await browser.visit('/selfpage/contract');
      expect(browser.status).toBe(200);
    });
    expect(browser.path).toBe('/selfpage/contract');
  });

  it('says so when the database is away, and recovers by itself', async () => {
    await db.destroy();
    await browser.visit('/selfpage/charges');
    expect(browser.status).toBe(503);
    const health = await new Browser(app).visit('/health/ready');
    expect(health.status).toBe(503);
    expect(health.html).toContain('"database":"unavailable"');

    db.initialize();
    await browser.visit('/selfpage/charges');
    expect(browser.status).toBe(200);
  });
});

describe('GET /health', () => {
  it('answers that it lives and is ready', async () => {
    const health = await new Browser(app).visit('/health/live');
    expect(health.html).toBe('{"status":"ok"}');
    await health.visit('/health/ready');
    expect(health.html).toBe('{"database":"ok","redis":"ok","files":"ok"}');
  });
});
