import type { Express } from 'express';
import { db } from '../../lib/database/db';
import { getRedis } from '../../lib/redis/redis';
import { listIndexedSessions, SESSION_PREFIX } from '../../lib/redis/session-index';
import { now } from '../../lib/values/clock';
import { issueAccount } from '../../models/account/account';
import type { Contract } from '../../models/contract/contract';
import type { CallService } from '../../models/contract/service';
import { Browser } from './browser';
import { saveTestContract } from './contracts';

export interface TestSelfPageUser {
  code: string;
  contractId: number;
  login: string;
  password: string;
}

export interface TestMyPageUser extends TestSelfPageUser {
  customerNumber: string;
}

const counts = { selfPageUsers: 0, myPageUsers: 0, myPageContracts: 0 };

/** A contract of the self page with its account and these telephone numbers. */
export async function createSelfPageUser(
  numbers: string[] = [],
  fields: Partial<Contract> = {},
): Promise<TestSelfPageUser> {
  counts.selfPageUsers += 1;
  const code = fields.code ?? `d${String(counts.selfPageUsers).padStart(9, '0')}`;
  const selfPage = { extra_dialin_numbers: 1, options: 'free_call_number_notice' };
  const contractId = await saveTestContract(code, numbers, { ...selfPage, ...fields });
  return { code, contractId, ...(await issueAccount(code)) };
}

/** A browser in which this user of the self page has logged in. */
export async function openSelfPageBrowser(
  app: Express,
  { login, password }: TestSelfPageUser,
): Promise<Browser> {
  const browser = await new Browser(app).visit('/');
  return browser.press('ログイン', { loginId: login, password });
}

/** A user of the my page with a contract and its numbers. */
export async function createMyPageUser(numbers: string[] = []): Promise<TestMyPageUser> {
  counts.myPageUsers += 1;
  const customerNumber = `C9${String(counts.myPageUsers).padStart(8, '0')}`;
  const { code, contractId } = await createMyPageContract(customerNumber, numbers);
  const account = await issueAccount(code, {
    email: `member${counts.myPageUsers}@example.jp`,
    contactNumber: '09012345678',
  });
  return { customerNumber, contractId, code, ...account };
}

/** Another contract of a customer; its numbers are of this service, 050 where none is given. */
export async function createMyPageContract(
  customer_number: string,
  numbers: string[] = [],
  service?: CallService,
): Promise<{ code: string; contractId: number }> {
  counts.myPageContracts += 1;
  const code = `N9${String(counts.myPageContracts).padStart(8, '0')}`;
  const fields = { customer_number, service: 'ip050', connection_type: 'IP' } as const;
  return { code, contractId: await saveTestContract(code, numbers, fields, service) };
}

/** A browser in which this user of the my page has logged in, but not given the second factor. */
export async function openMyPageBrowser(app: Express, { login, password }: TestMyPageUser): Promise<Browser> {
  const browser = await new Browser(app).visit('/mypage/login');
  return browser.press('ログイン', { loginId: login, password });
}

/** A browser in which this user of the my page has logged in and given the second factor. */
export async function openVerifiedBrowser(app: Express, user: TestMyPageUser): Promise<Browser> {
  const browser = await openMyPageBrowser(app, user);
  const { id } = await db('logins').where({ login: user.login }).first<{ id: number }>('id');
  for (const session of await listIndexedSessions(id)) {
    const key = SESSION_PREFIX + session;
    const stored = JSON.parse((await getRedis().get(key)) ?? '{}') as {
      logins: { email: { verified_at?: number; code_at?: number } };
    };
    Object.assign(stored.logins.email, { verified_at: now(), code_at: now() });
    await getRedis().set(key, JSON.stringify(stored), 'KEEPTTL');
  }
  return browser;
}
