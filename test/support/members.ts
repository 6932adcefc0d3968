import type { Express } from 'express';
import { issueAccount } from '../../models/account/account';
import { now } from '../../lib/values/clock';
import { db } from '../../lib/database/db';
import { findContractByCode, saveContract } from '../../models/contract/contract';
import { savePhoneNumber } from '../../models/contract/phone-number';
import { getRedis } from '../../lib/redis/redis';
import { listIndexedSessions, SESSION_PREFIX } from '../../lib/redis/session-index';
import type { CallService } from '../../models/contract/service';
import { Browser } from './browser';

export interface TestMyPageUser {
  customerNumber: string;
  contractId: number;
  code: string;
  login: string;
  password: string;
}

let users = 0;

/** A customer of the my page with a contract and its numbers (digits). */
export async function createMyPageUser(numbers: string[] = []): Promise<TestMyPageUser> {
  users += 1;
  const customerNumber = `C9${String(users).padStart(8, '0')}`;
  const { code, contractId } = await createMyPageContract(customerNumber, numbers);
  const account = await issueAccount(code, {
    email: `member${users}@example.jp`,
    contactNumber: '09012345678',
  });
  return { customerNumber, contractId, code, ...account };
}

let contracts = 0;

/** Another contract of a customer; its numbers are of this service, 050 where none is given. */
export async function createMyPageContract(
  customer_number: string,
  numbers: string[] = [],
  service?: CallService,
): Promise<{ code: string; contractId: number }> {
  contracts += 1;
  const code = `N9${String(contracts).padStart(8, '0')}`;
  await saveContract({
    code,
    customer_number,
    service: 'ip050',
    channels: 1,
    extra_dialin_numbers: 0,
    start_date: '2010-11-15',
    connection_type: 'IP',
    primary_dns: '192.0.2.53',
    secondary_dns: '198.51.100.53',
    options: '',
  });
  const contractId = (await findContractByCode(code))?.id ?? 0;
  for (const number of numbers) await savePhoneNumber(contractId, number, 'contract', undefined, service);
  return { code, contractId };
}

/** A browser in which this member has logged in and given the second factor. */
export async function openVerifiedBrowser(
  app: Express,
  { login, password }: TestMyPageUser,
): Promise<Browser> {
  const browser = await new Browser(app).visit('/mypage/login');
  await browser.press('ログイン', { loginId: login, password });
  const { id } = await db('logins').where({ login }).first<{ id: number }>('id');
  for (const session of await listIndexedSessions(id)) {
    const key = SESSION_PREFIX + session;
    const stored = JSON.parse((await getRedis().get(key)) ?? '{}') as {
      logins: { email: { verified_at?: number } };
    };
    stored.logins.email.verified_at = now();
    await getRedis().set(key, JSON.stringify(stored), 'KEEPTTL');
  }
  return browser;
}
