import { randomUUID } from 'node:crypto';
import type { Express } from 'express';
import { buildCallSource } from '../../jobs/import/calls/call-parts';
import { issueAccount } from '../../models/account/account';
import { listCallTypes } from '../../models/call/call-type';
import { EXTERNAL, INCOMING, OUTGOING } from '../../models/call/new-call';
import { StagedCallImport } from '../../models/call/staged-import';
import { moveClock, now } from '../../lib/values/clock';
import { type Contract, findContractByCode, saveContract } from '../../models/contract/contract';
import { listPhoneNumbers, savePhoneNumber } from '../../models/contract/phone-number';
import { Browser } from './browser';

export interface TestSelfPageUser {
  code: string;
  contractId: number;
  login: string;
  password: string;
}

/** Sets the portal's clock: `setClock('2017-12-05T13:20:00+09:00')`. It runs on from there. */
export const setClock = (time: string): void => moveClock(Date.parse(time) - now());

let contracts = 0;

/** A contract of the self page with its account, and these telephone numbers (digits; 0120… are free-call ones). */
export async function createSelfPageUser(
  numbers: string[] = [],
  fields: Partial<Contract> = {},
): Promise<TestSelfPageUser> {
  contracts += 1;
  const code = fields.code ?? `d${String(contracts).padStart(9, '0')}`;
  await saveContract({
    code,
    customer_number: code,
    service: 'autocall',
    channels: 1,
    extra_dialin_numbers: 1,
    start_date: '2010-11-15',
    connection_type: 'ダイヤルイン接続',
    primary_dns: '192.0.2.53',
    secondary_dns: '198.51.100.53',
    options: 'free_call_number_notice',
    ...fields,
  });
  const contractId = (await findContractByCode(code))?.id ?? 0;
  for (const number of numbers)
    await savePhoneNumber(contractId, number, /^0(120|800)/.test(number) ? 'free_call' : 'contract');
  return { code, contractId, ...(await issueAccount(code)) };
}

/** A browser in which this customer has logged in. */
export async function openSelfPageBrowser(
  app: Express,
  { login, password }: TestSelfPageUser,
): Promise<Browser> {
  const browser = await new Browser(app).visit('/');
  return browser.press('ログイン', { loginId: login, password });
}

export interface TestCall {
  from: string;
  /** ISO 8601 with zone, to 0.1 s */
  at: string;
  seconds?: number;
  to?: string;
  area?: string;
  type?: string;
  yen?: number;
  incoming?: boolean;
}

/** Brings calls in as an import does, sums included. */
export async function importCalls(contractId: number, calls: TestCall[]): Promise<void> {
  const staging = await StagedCallImport.open();
  const types = new Map((await listCallTypes()).map((type) => [type.code, type]));
  const ids = new Map<string, number>();
  for (const kind of ['contract', 'free_call'] as const)
    for (const { id, number } of await listPhoneNumbers(contractId, kind, 0, 10_000)) ids.set(number, id);
  const newCalls = calls.map((call) => {
    const call_type = types.get(call.type ?? 'domestic');
    if (!call_type) throw new Error(`No call type ${call.type}`);
    return {
      contract_id: contractId,
      phone_number_id: ids.get(call.from) ?? 0,
      direction: call.incoming ? INCOMING : OUTGOING,
      started_at: Date.parse(call.at) / 100,
      duration: Math.round((call.seconds ?? 66) * 10),
      other_number: call.to ?? '0312345678',
      area: call.area ?? '東京',
      line_class: EXTERNAL,
      call_type,
      charge: Math.round((call.yen ?? 8) * 100),
      source: buildCallSource('test', randomUUID()),
    };
  });
  await staging.addAll(newCalls);
  await staging.merge({
    file_name: 'test.csv',
    sha256: '',
    format: 'meisai',
    imported_by: 'test',
    imported_at: now(),
    records: calls.length,
    unanswered: 0,
    rejected: 0,
  });
  await staging.close();
}
