import { randomUUID } from 'node:crypto';
import { deleteOldCodes } from '../../../models/verification/delivery';
import { db } from '../../../lib/database/db';
import { checkCode, decryptCode, findCode, requestCode } from '../../../models/verification/code';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import {
  type TestContactUser,
  clearLimits,
  createContactUser,
  passTime,
  getWrongCode,
} from '../../support/verification';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

beforeAll(openTestPortal);
afterAll(closeTestPortal);

const request = (member: TestContactUser, changes: object = {}) =>
  requestCode({
    login_id: member.loginId,
    session_id: 'session',
    request_id: randomUUID(),
    telephone: member.contactNumber,
    method: 'sms',
    ...changes,
  });

const toOwner = ({ loginId }: TestContactUser, session_id = 'session') => ({
  login_id: loginId,
  session_id,
});

async function readCode(member: TestContactUser): Promise<string> {
  const code = await findCode(toOwner(member));
  return decryptCode(code?.sealed_code ?? '', code?.request_id ?? '');
}

describe('requestCode', () => {
  it('makes no code valid whose event cannot be written', async () => {
    const member = await createContactUser();
    const code = { ...toOwner(member), request_id: randomUUID(), telephone: member.contactNumber };
    const failing = () => Promise.reject(new Error('no event'));
    await expect(requestCode({ ...code, method: 'sms' }, failing)).rejects.toThrow('no event');
    expect((await findCode(toOwner(member)))?.live).toBeFalsy();
  });

  it('waits 30 seconds between two', async () => {
    const member = await createContactUser();
    expect(await request(member)).toHaveProperty('id');
    await passTime(29.5 * SECOND);
    const { wait = 0 } = await request(member);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(500);
    await passTime(wait);
    expect(await request(member)).toHaveProperty('id');
  });

  it('sends three in ten minutes', async () => {
    const member = await createContactUser();
    for (let i = 0; i < 3; i += 1) {
      expect(await request(member)).toHaveProperty('id');
      await passTime(MINUTE);
    }
    const { wait = 0 } = await request(member);
    expect(wait).toBeGreaterThan(6 * MINUTE);
    // Redis and the portal each have a clock: they may differ by some milliseconds.
    expect(wait).toBeLessThan(7 * MINUTE + SECOND);
    await passTime(wait + SECOND);
    expect(await request(member)).toHaveProperty('id');
    await passTime(30 * SECOND);
    expect((await request(member)).wait).toBeGreaterThan(0);
  });

  it('sends ten a day', async () => {
    const member = await createContactUser();
    for (let i = 0; i < 10; i += 1) {
      expect(await request(member)).toHaveProperty('id');
      await passTime(HOUR);
    }
    const { wait = 0 } = await request(member);
    expect(wait).toBeGreaterThan(13 * HOUR);
    await passTime(wait - SECOND);
    expect(await request(member)).toHaveProperty('wait');
    await passTime(SECOND);
    expect(await request(member)).toHaveProperty('id');
  });

  it('counts for a telephone number too, whose account it may be', async () => {
    const [one, two] = [await createContactUser('09077777777'), await createContactUser('09077777777')];
    await request(one);
    await passTime(20 * SECOND);
    expect((await request(two)).wait).toBeGreaterThan(9 * SECOND);
  });

  it('counts for an account too, whose number was changed', async () => {
    const member = await createContactUser();
    await request(member);
    expect(await request(member, { telephone: '09066666666' })).toHaveProperty('wait');
  });

  it('remembers what Redis has forgotten', async () => {
    const member = await createContactUser();
    await request(member);
    await clearLimits();
    expect(await request(member)).toHaveProperty('wait');
  });

  it('lets one of many at the same time pass', async () => {
    const member = await createContactUser();
    const results = await Promise.all(Array.from({ length: 8 }, () => request(member)));
    expect(results.filter(({ id }) => id !== undefined)).toHaveLength(1);
    expect(await db('verification_codes').where({ login_id: member.loginId })).toHaveLength(1);
  });

  it('keeps what was sent for a week', async () => {
    const member = await createContactUser();
    await request(member);
    await passTime(7 * 24 * HOUR - SECOND);
    await deleteOldCodes();
    expect(await findCode(toOwner(member))).toBeDefined();
    await passTime(2 * SECOND);
    await deleteOldCodes();
    expect(await findCode(toOwner(member))).toBeUndefined();
  });

  it('sends nothing for the same form again', async () => {
    const member = await createContactUser();
    const request_id = randomUUID();
    const results = await Promise.all([request(member, { request_id }), request(member, { request_id })]);
    expect(results.filter(({ id }) => id !== undefined)).toHaveLength(1);
    expect(await request(member, { request_id })).toEqual({});
  });

  it('gives six digits, sealed until they are sent', async () => {
    const member = await createContactUser();
    await request(member);
    const digits = await readCode(member);
    expect(digits).toMatch(/^\d{6}$/);
    const code = await findCode(toOwner(member));
    expect(JSON.stringify(code)).not.toContain(`"${digits}"`);
    expect(() => decryptCode(code?.sealed_code ?? '', 'another request')).toThrow();
  });
});

describe('tryCode', () => {
  it('is right once', async () => {
    const member = await createContactUser();
    await request(member);
    const digits = await readCode(member);
    expect(await checkCode(toOwner(member), digits)).toEqual({ result: 'accepted' });
    expect(await checkCode(toOwner(member), digits)).toEqual({ result: 'invalidated' });
  });

  it('is right for one of many at the same instant', async () => {
    const member = await createContactUser();
    await request(member);
    const digits = await readCode(member);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => checkCode(toOwner(member), digits)));
    expect(outcomes.filter(({ result }) => result === 'accepted')).toHaveLength(1);
  });

  it('counts each of many wrong tries at the same instant', async () => {
    const member = await createContactUser();
    await request(member);
    const digits = await readCode(member);
    const wrong = getWrongCode(digits);
    const outcomes = await Promise.all(Array.from({ length: 9 }, () => checkCode(toOwner(member), wrong)));
    expect(outcomes.filter(({ result }) => result === 'rejected')).toHaveLength(5);
    expect(await checkCode(toOwner(member), digits)).toEqual({ result: 'invalidated' });
  });

  it('belongs to the session and the account', async () => {
    const [member, other] = [await createContactUser(), await createContactUser()];
    await request(member);
    const digits = await readCode(member);
    expect(await checkCode(toOwner(member, 'another'), digits)).toEqual({ result: 'invalidated' });
    expect(await checkCode(toOwner(other), digits)).toEqual({ result: 'invalidated' });
  });

  it('ends at 30 minutes', async () => {
    const member = await createContactUser();
    await request(member);
    const digits = await readCode(member);
    const code = await findCode(toOwner(member));
    expect(Number(code?.expires_at) - Number(code?.requested_at)).toBe(30 * MINUTE);
    await passTime(30 * MINUTE);
    expect(await checkCode(toOwner(member), digits)).toEqual({ result: 'expired' });
  });

  it('is void once a newer one was asked for, in whichever session', async () => {
    const member = await createContactUser();
    await request(member);
    const digits = await readCode(member);
    await passTime(MINUTE);
    await request(member, { session_id: 'another' });
    expect(await checkCode(toOwner(member), digits)).toEqual({ result: 'invalidated' });
  });
});
