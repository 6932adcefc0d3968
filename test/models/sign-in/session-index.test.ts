import { redis } from '../../../lib/redis/redis';
import {
  endSessions,
  forgetSession,
  registeredSessions,
  registerSession,
  SESSION_PREFIX,
} from '../../../models/sign-in/session-index';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const LOGIN = 7;
const HALF_A_DAY = 12 * 3600;

beforeAll(openTestPortal);
afterAll(closeTestPortal);
beforeEach(async () => {
  for (const id of await registeredSessions(LOGIN)) await forgetSession(LOGIN, id);
});

it('knows the sessions of a login until they are forgotten', async () => {
  for (const id of ['first', 'second', 'first']) await registerSession(LOGIN, id);
  await registerSession(LOGIN + 1, 'of another');
  expect((await registeredSessions(LOGIN)).sort()).toEqual(['first', 'second']);
  await forgetSession(LOGIN, 'first');
  expect(await registeredSessions(LOGIN)).toEqual(['second']);
});

it('ends all but one', async () => {
  for (const id of ['this', 'other']) {
    await registerSession(LOGIN, id);
    await redis().set(SESSION_PREFIX + id, '{}');
  }
  await endSessions(LOGIN, 'this');
  expect(await registeredSessions(LOGIN)).toEqual(['this']);
  expect(await redis().exists(`${SESSION_PREFIX}this`)).toBe(1);
  expect(await redis().exists(`${SESSION_PREFIX}other`)).toBe(0);
});

it('drops those of half a day ago when there is another', async () => {
  const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - HALF_A_DAY * 1000);
  await registerSession(LOGIN, 'old');
  now.mockRestore();
  expect(await registeredSessions(LOGIN)).toEqual(['old']);
  await registerSession(LOGIN, 'new');
  expect(await registeredSessions(LOGIN)).toEqual(['new']);
});
