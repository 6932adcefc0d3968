import { getRedis } from '../../../lib/redis/redis';
import {
  endSessions,
  unindexSession,
  listIndexedSessions,
  indexSession,
  SESSION_PREFIX,
} from '../../../lib/redis/session-index';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const LOGIN = 7;
const HALF_A_DAY = 12 * 3600;

beforeAll(openTestPortal);
afterAll(closeTestPortal);
beforeEach(async () => {
  for (const id of await listIndexedSessions(LOGIN)) await unindexSession(LOGIN, id);
});

it('knows the sessions of a login until they are forgotten', async () => {
  for (const id of ['first', 'second', 'first']) await indexSession(LOGIN, id);
  await indexSession(LOGIN + 1, 'of another');
  expect((await listIndexedSessions(LOGIN)).sort()).toEqual(['first', 'second']);
  await unindexSession(LOGIN, 'first');
  expect(await listIndexedSessions(LOGIN)).toEqual(['second']);
});

it('ends all but one', async () => {
  for (const id of ['this', 'other']) {
    await indexSession(LOGIN, id);
    await getRedis().set(SESSION_PREFIX + id, '{}');
  }
  await endSessions(LOGIN, 'password', { except: 'this' });
  expect(await listIndexedSessions(LOGIN)).toEqual(['this']);
  expect(await getRedis().exists(`${SESSION_PREFIX}this`)).toBe(1);
  expect(await getRedis().exists(`${SESSION_PREFIX}other`)).toBe(0);
});

it('drops those of half a day ago when there is another', async () => {
  const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - HALF_A_DAY * 1000);
  await indexSession(LOGIN, 'old');
  now.mockRestore();
  expect(await listIndexedSessions(LOGIN)).toEqual(['old']);
  await indexSession(LOGIN, 'new');
  expect(await listIndexedSessions(LOGIN)).toEqual(['new']);
});
