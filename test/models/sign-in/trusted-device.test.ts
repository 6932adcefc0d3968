import { hash } from 'node:crypto';
import { config } from '../../../config';
import { moveClock } from '../../../lib/values/clock';
import { db } from '../../../lib/database/db';
import { findLogin } from '../../../models/sign-in/login';
import { resetPassword } from '../../../models/account/reset-password';
import type { DescribeEvent } from '../../../models/sign-in/audit';
import {
  deleteExpiredDevices,
  type DeviceUser,
  listDevices,
  trustDevice as trustDeviceOf,
  useDevice as useDeviceOf,
} from '../../../models/sign-in/trusted-device';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { createContactUser } from '../../support/verification';

const DAY = 86_400_000;
let login_id: number;

beforeAll(openTestPortal);
afterAll(closeTestPortal);
beforeEach(async () => {
  login_id = (await createContactUser()).loginId;
});

const describeEvent: DescribeEvent = (event, detail) => ({
  ...{ event, login: 'member', address: '127.0.0.1', user_agent: 'Browser' },
  ...(detail && { detail }),
});
const trustDevice = (user: DeviceUser) => trustDeviceOf(user, describeEvent);
const useDevice = (token: string, user: DeviceUser) => useDeviceOf(token, user, describeEvent);
/** The next token of a trusted device; undefined where there is none. */
async function exchangeToken(token: string, session: string): Promise<string | undefined> {
  const used = await useDevice(token, buildDeviceUser(session));
  return used.result === 'trusted' ? used.next?.token : undefined;
}

const buildDeviceUser = (session_id = 'first') => ({ login_id, session_id, user_agent: 'Browser' });

it('is good once, and gives the next token', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  const next = (await exchangeToken(token, 'second')) ?? '';
  expect(next).toMatch(/^[\w-]{67}$/);
  expect(next).not.toBe(token);
  expect(await exchangeToken(next, 'third')).toBeDefined();
});

it('goes on with a token of before, of 256 bits alone', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  const earlier = token.slice(0, 43);
  const earlierRow = { token_hash: hash('sha256', earlier), family_hash: null };
  await db('trusted_devices').where({ login_id }).update(earlierRow);
  const next = (await exchangeToken(earlier, 'second')) ?? '';
  expect(next).toMatch(/^[\w-]{67}$/);
  await exchangeToken(next, 'third');
  expect(await useDevice(earlier, buildDeviceUser('thief'))).toMatchObject({ result: 'stolen' });
});

it('is kept as a hash only', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  const row = await db('trusted_devices').where({ login_id }).first<Record<string, unknown>>();
  expect(Object.values(row)).not.toContain(token);
  expect(row.token_hash).toMatch(/^[0-9a-f]{64}$/);
});

it('lets pages through that are opened side by side', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  const used = await Promise.all([1, 2, 3].map(() => useDevice(token, buildDeviceUser('second'))));
  expect(used.every(({ result }) => result === 'trusted')).toBe(true);
  expect(used.filter((one) => 'next' in one)).toHaveLength(1);
});

it('ends for both when a copied token comes from another session', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  const next = (await exchangeToken(token, 'thief')) ?? '';
  expect(await useDevice(token, buildDeviceUser('customer'))).toMatchObject({ result: 'stolen' });
  expect(await useDevice(next, buildDeviceUser('thief again'))).toEqual({ result: 'unknown' });
  expect(await listDevices(login_id)).toEqual([]);
});

it('ends too when the thief has used it several times before the customer comes', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  const second = (await exchangeToken(token, 'thief')) ?? '';
  const third = (await exchangeToken(second, 'thief again')) ?? '';
  expect(await useDevice(token, buildDeviceUser('customer'))).toMatchObject({ result: 'stolen' });
  expect(await useDevice(third, buildDeviceUser('thief'))).toEqual({ result: 'unknown' });
});

it('belongs to its login', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  login_id = (await createContactUser()).loginId;
  expect(await useDevice(token, buildDeviceUser())).toEqual({ result: 'unknown' });
});

it('ends after 90 days, used or not', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  moveClock(config.TRUSTED_DEVICE_DAYS * DAY - 1000);
  const next = (await exchangeToken(token, 'second')) ?? '';
  expect(next).not.toBe('');
  moveClock(1000);
  expect(await useDevice(next, buildDeviceUser('third'))).toEqual({ result: 'unknown' });
  expect(await listDevices(login_id)).toEqual([]);
});

it('is forgotten when it has ended, and not before', async () => {
  const listDigests = () => db('trusted_devices').where({ login_id }).pluck<string[]>('session_digest');
  await trustDevice(buildDeviceUser('early'));
  moveClock(DAY);
  await trustDevice(buildDeviceUser('late'));
  moveClock((config.TRUSTED_DEVICE_DAYS - 1) * DAY);
  expect(await listDigests()).toHaveLength(2);
  await deleteExpiredDevices();
  expect(await listDigests()).toEqual([hash('sha256', 'late')]);
});

it("ends by the operator's reset of the password", async () => {
  const member = await createContactUser();
  login_id = member.loginId;
  const { token } = await trustDevice(buildDeviceUser());
  await resetPassword(member.login);
  expect(await useDevice(token, buildDeviceUser('second'))).toEqual({ result: 'unknown' });
});

it('is trusted on, with the old password, where a reset cannot end it', async () => {
  const { loginId, login, password } = await createContactUser();
  login_id = loginId;
  const { token } = await trustDevice(buildDeviceUser());
  await db.schema.renameTable('trusted_devices', 'elsewhere');
  await expect(resetPassword(login)).rejects.toThrow('trusted_devices');
  await db.schema.renameTable('elsewhere', 'trusted_devices');
  expect(await findLogin('mypage', login, password)).toBeDefined();
  expect(await exchangeToken(token, 'second')).toBeDefined();
});
