import { AccountError, issueAccount, listAccounts } from '../../../models/account/account';
import { findUser } from '../../../models/sign-in/user';
import { db } from '../../../lib/database/db';
import { changePassword, findLogin } from '../../../models/sign-in/login';
import { hashPassword } from '../../../lib/values/password-hash';
import { resetPassword } from '../../../models/account/reset-password';
import { getRedis } from '../../../lib/redis/redis';
import { indexSession, SESSION_PREFIX } from '../../../lib/redis/session-index';
import { saveTestContract } from '../../support/contracts';
import { closeTestPortal, openTestPortal } from '../../support/portal';

beforeAll(async () => {
  await openTestPortal();
  await saveTestContract('d1');
  await saveTestContract('N1', [], { service: 'ip050', customer_number: 'C1' });
  await saveTestContract('N2', [], { service: 'ip050', customer_number: 'C1' });
});
afterAll(closeTestPortal);

describe('issueAccount', () => {
  it('gives a contract of the self page its code and a password within the rule', async () => {
    const { login, password } = await issueAccount('d1');
    expect(login).toBe('d1');
    expect(password).toMatch(/^(?=.*[a-z])(?=.*\d)[a-z\d]{4,8}$/);
    expect((await findLogin('selfpage', 'd1', password))?.area).toBe('selfpage');
  });

  it('gives an e-mail login, in lower case, all my page contracts of the customer', async () => {
    const issued = await issueAccount('N1', { email: 'Taro@Example.JP', contactNumber: '09012345678' });
    expect(issued.login).toBe('taro@example.jp');
    expect(await listAccounts()).toContainEqual(
      expect.objectContaining({
        login: 'taro@example.jp',
        contracts: ['N1', 'N2'],
        contact_number: '09012345678',
      }),
    );
  });

  it('lets two logins share the account of a customer number, but no contact number', async () => {
    await issueAccount('N2', { email: 'hanako@example.jp' });
    const accounts = (await listAccounts()).filter(({ contracts }) => contracts.includes('N2'));
    expect(accounts.map(({ contact_number }) => contact_number)).toEqual([null, '09012345678']);
    expect(await db('accounts').where({ customer_number: 'C1' })).toHaveLength(1);
  });

  it('refuses what cannot be issued, and says why', async () => {
    await expect(issueAccount('d1')).rejects.toThrow(/issued already.*account reset d1/);
    await expect(issueAccount('N1')).rejects.toThrow(/--email/);
    await expect(issueAccount('none')).rejects.toThrow(AccountError);
  });
});

const nothing = (): Promise<void> => Promise.resolve();

describe('changePassword', () => {
  it('ends all sessions but the one that asks for this change', async () => {
    await saveTestContract('d2');
    await issueAccount('d2');
    const login = await db('logins').where({ login: 'd2' }).first<{ id: number; session_epoch: number }>();
    const before = { epoch: login.session_epoch };
    expect(await findUser('selfpage', login.id, { ...before, pendingChangeId: 'mine' })).toBeDefined();
    const epoch = await changePassword(
      { ...login, ...before },
      await hashPassword('changed1'),
      'mine',
      nothing,
    );
    expect(epoch).toBe(before.epoch + 1);

    expect(await findUser('selfpage', login.id, { epoch: epoch ?? 0 })).toBeDefined();
    expect(await findUser('selfpage', login.id, { ...before, pendingChangeId: 'mine' })).toBeDefined();
    expect(await findUser('selfpage', login.id, before)).toBeUndefined();
    expect(await findUser('selfpage', login.id, { ...before, pendingChangeId: 'other' })).toBeUndefined();
  });
});

it('changes nothing for a session that another change has ended meanwhile', async () => {
  await saveTestContract('d3');
  await issueAccount('d3');
  const { id, session_epoch: epoch } = await db('logins')
    .where({ login: 'd3' })
    .first<{ id: number; session_epoch: number }>();
  const [first, second] = await Promise.all([
    changePassword({ id, epoch }, await hashPassword('changed1'), 'first', nothing),
    changePassword({ id, epoch }, await hashPassword('changed2'), 'second', nothing),
  ]);
  expect([first, second].sort()).toEqual([epoch + 1, undefined]);
  expect(await changePassword({ id, epoch }, 'none', 'third', nothing)).toBeUndefined();
});

it('is not changed where its event cannot be written', async () => {
  const { id, session_epoch: epoch } = await db('logins')
    .where({ login: 'd3' })
    .first<{ id: number; session_epoch: number }>();
  const failing = () => Promise.reject(new Error('no event'));
  await expect(changePassword({ id, epoch }, 'none', 'fourth', failing)).rejects.toThrow('no event');
  expect(await db('logins').where({ id, session_epoch: epoch })).toHaveLength(1);
});

describe('resetPassword', () => {
  it('puts a new password in force at once, forgets a changed one, and ends the sessions', async () => {
    const login = await db('logins').where({ login: 'd1' }).first<{ id: number; session_epoch: number }>();
    const before = { id: login.id, epoch: login.session_epoch };
    const epoch = (await changePassword(before, await hashPassword('changed1'), 'change', nothing)) ?? 0;
    await getRedis().set(`${SESSION_PREFIX}abc`, '{}');
    await indexSession(login.id, 'abc');

    const { password } = await resetPassword('d1');

    expect((await findLogin('selfpage', 'd1', password))?.next_password_hash).toBeNull();
    expect(await findUser('selfpage', login.id, { epoch, pendingChangeId: 'change' })).toBeUndefined();
    expect(await getRedis().exists(`${SESSION_PREFIX}abc`)).toBe(0);
  });

  it('knows an e-mail login in any case, and no unknown one', async () => {
    expect((await resetPassword('TARO@example.jp')).login).toBe('taro@example.jp');
    await expect(resetPassword('nobody')).rejects.toThrow(AccountError);
  });
});
