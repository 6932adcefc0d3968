import type { Express } from 'express';
import { issueAccount } from '../../models/account/account';
import { now } from '../../lib/values/clock';
import { db } from '../../lib/database/db';
import { findContractByCode, saveContract } from '../../models/contract/contract';
import { savePhoneNumber } from '../../models/contract/phone-number';
import { redis } from '../../lib/redis/redis';
import { registeredSessions, SESSION_PREFIX } from '../../models/sign-in/session-index';
import type { CallService } from '../../models/contract/service';
import { Browser } from './browser';

export interface TestMember {
  customerNumber: string;
  contractId: number;
  code: string;
  login: string;
  password: string;
}

let members = 0;

/** A customer of the my page with a contract and its numbers (digits). */
export async function newMember(numbers: string[] = []): Promise<TestMember> {
  members += 1;
  const customerNumber = `C9${String(members).padStart(8, '0')}`;
  const { code, contractId } = await newMemberContract(customerNumber, numbers);
  const account = await issueAccount(code, {
    email: `member${members}@example.jp`,
    contactNumber: '09012345678',
  });
  return { customerNumber, contractId, code, ...account };
}

let contracts = 0;

/** Another contract of a customer; its numbers are of this service, 050 where none is given. */
export async function newMemberContract(
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
export async function verifiedBrowser(app: Express, { login, password }: TestMember): Promise<Browser> {
  const browser = await new Browser(app).visit('/mypage/login');
  await browser.press('ログイン', { loginId: login, password });
  const { id } = await db('logins').where({ login }).first<{ id: number }>('id');
  for (const session of await registeredSessions(id)) {
    const key = SESSION_PREFIX + session;
    const kept = JSON.parse((await redis().get(key)) ?? '{}') as {
      logins: { email: { verified_at?: number } };
    };
    kept.logins.email.verified_at = now();
    await redis().set(key, JSON.stringify(kept), 'KEEPTTL');
  }
  return browser;
}
