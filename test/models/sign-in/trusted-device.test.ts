import { hash } from 'node:crypto';
import { config } from '../../../config';
import { moveClock } from '../../../lib/values/clock';
import { db } from '../../../lib/database/db';
import { findLogin } from '../../../models/sign-in/login';
import { resetPassword } from '../../../models/account/reset-password';
import {
  deleteExpiredDevices,
  listDevices,
  trustDevice,
  useDevice,
} from '../../../models/sign-in/trusted-device';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { createContactUser } from '../../support/verification';

const DAY = 86_400_000;
let account_id: number;

beforeAll(openTestPortal);
afterAll(closeTestPortal);
beforeEach(async () => {
  account_id = (await createContactUser()).accountId;
});

const buildDeviceUser = (session_id = 'first') => ({ account_id, session_id, user_agent: 'Browser' });

it('is good once, and gives the next token', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  const used = await useDevice(token, buildDeviceUser('second'));
  expect(used?.next?.token).toMatch(/^[\w-]{43}$/);
  expect(used?.next?.token).not.toBe(token);
  expect(await useDevice(used?.next?.token ?? '', buildDeviceUser('third'))).toHaveProperty('next');
});

it('is kept as a hash only', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  const row = await db('trusted_devices').where({ account_id }).first<Record<string, unknown>>();
  expect(Object.values(row)).not.toContain(token);
  expect(row.token_hash).toMatch(/^[0-9a-f]{64}$/);
});

it('lets pages through that are opened side by side', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  const used = await Promise.all([1, 2, 3].map(() => useDevice(token, buildDeviceUser('second'))));
  expect(used.every((one) => one !== undefined)).toBe(true);
  expect(used.filter((one) => one?.next)).toHaveLength(1);
});

it('ends for both when a copied token comes from another session', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  const used = await useDevice(token, buildDeviceUser('thief'));
  expect(await useDevice(token, buildDeviceUser('customer'))).toBeUndefined();
  expect(await useDevice(used?.next?.token ?? '', buildDeviceUser('thief again'))).toBeUndefined();
  expect(await listDevices(account_id)).toEqual([]);
});

it('belongs to its account', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  account_id = (await createContactUser()).accountId;
  expect(await useDevice(token, buildDeviceUser())).toBeUndefined();
});

it('ends after 90 days, used or not', async () => {
  const { token } = await trustDevice(buildDeviceUser());
  moveClock(config.TRUSTED_DEVICE_DAYS * DAY - 1000);
  const used = await useDevice(token, buildDeviceUser('second'));
  expect(used).toHaveProperty('next');
  moveClock(1000);
  expect(await useDevice(used?.next?.token ?? '', buildDeviceUser('third'))).toBeUndefined();
  expect(await listDevices(account_id)).toEqual([]);
});

it('is forgotten when it has ended, and not before', async () => {
  const listDigests = () => db('trusted_devices').where({ account_id }).pluck<string[]>('session_digest');
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
  account_id = member.accountId;
  const { token } = await trustDevice(buildDeviceUser());
  await resetPassword(member.login);
  expect(await useDevice(token, buildDeviceUser('second'))).toBeUndefined();
});

it('is trusted on, with the old password, where a reset cannot end it', async () => {
  const { accountId, login, password } = await createContactUser();
  account_id = accountId;
  const { token } = await trustDevice(buildDeviceUser());
  await db.schema.renameTable('trusted_devices', 'elsewhere');
  await expect(resetPassword(login)).rejects.toThrow('trusted_devices');
  await db.schema.renameTable('elsewhere', 'trusted_devices');
  expect(await findLogin('mypage', login, password)).toBeDefined();
  expect(await useDevice(token, buildDeviceUser('second'))).toBeDefined();
});
