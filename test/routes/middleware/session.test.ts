import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createApp } from '../../../app';
import { moveClock } from '../../../lib/values/clock';
import { getRedis } from '../../../lib/redis/redis';
import { SESSION_PREFIX } from '../../../lib/redis/session-index';
import type { Browser } from '../../support/browser';
import { createSelfPageUser, openSelfPageBrowser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { listRedisNodes } from '../../support/redis-process';

const MINUTE_MS = 60_000;
const HALF_AN_HOUR = 30 * 60;
const app = createApp();
let browser: Browser;

beforeAll(async () => {
  await openTestPortal();
  browser = await openSelfPageBrowser(app, await createSelfPageUser());
});
afterAll(closeTestPortal);

function getSessionKey(): string {
  const [, id = ''] = /^s:([^.]+)/.exec(decodeURIComponent(browser.getCookie('meisai'))) ?? [];
  return SESSION_PREFIX + id;
}

/** Seconds until Redis forgets the session. */
const getSecondsLeft = (): Promise<number> => getRedis().ttl(getSessionKey());

describe('a session in use', () => {
  it('is written again, for half an hour more, after a minute', async () => {
    expect(await getSecondsLeft()).toBeGreaterThan(HALF_AN_HOUR - 60);
    await getRedis().expire(getSessionKey(), 100);
    await browser.visit('/selfpage/contract');
    expect(await getSecondsLeft()).toBeLessThanOrEqual(100);

    moveClock(MINUTE_MS + 1);
    await browser.visit('/selfpage/contract');
    expect(await getSecondsLeft()).toBeGreaterThan(HALF_AN_HOUR - 60);
  });

  it('lives on as long as no half hour passes between two pages', async () => {
    for (let pages = 0; pages < 4; pages += 1) {
      moveClock(29 * MINUTE_MS);
      await browser.visit('/selfpage/contract');
      expect(browser.path).toBe('/selfpage/contract');
    }
    moveClock(30 * MINUTE_MS + 1);
    await browser.visit('/selfpage/contract');
    expect(browser.path).toBe('/');
  });
});

describe('a session that Redis refuses to write', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let server: Server;

  beforeAll(async () => {
    browser = await openSelfPageBrowser(app, await createSelfPageUser());
    moveClock(MINUTE_MS + 1);
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await allowMemory('1');
  });
  afterAll(async () => {
    await allowMemory('0');
    agent.destroy();
    server.close();
  });

  async function allowMemory(limit: string): Promise<void> {
    for (const node of await listRedisNodes()) await node.config('SET', 'maxmemory', limit);
  }

  async function visit(path: string) {
    const { port } = server.address() as AddressInfo;
    const headers = { cookie: `meisai=${browser.getCookie('meisai')}` };
    const request = get({ port, path, agent, headers });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const page = await text(answer);
    return { status: answer.statusCode, isWhole: page.trimEnd().endsWith('</html>'), request };
  }

  it.each([
    [200, '/selfpage/contract'],
    [404, '/selfpage/nothing'],
  ])('still has its page (%i), and the connection goes on', async (status, path) => {
    expect(await visit(path)).toMatchObject({ status, isWhole: true });
    expect(await visit(path)).toMatchObject({ status, isWhole: true, request: { reusedSocket: true } });
  });
});
