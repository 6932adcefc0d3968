import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { config } from '../../../config';
import { closeCodeQueue, enqueueCode, nudgeCode } from '../../../jobs/verification-codes/queue';
import { type CodeWorker, startCodeWorker, sweepCodes } from '../../../jobs/verification-codes/worker';
import { recordDelivery } from '../../../models/verification/delivery';
import { db } from '../../../lib/database/db';
import { redis } from '../../../lib/redis/redis';
import { requestCode, tryCode, type VerificationCode } from '../../../models/verification/code';
import { eventually } from '../../support/eventually';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { emptyRedis } from '../../support/redis-process';
import { refused, startTwilioServer, taken, type TwilioServer } from '../../support/twilio-server';
import { newContactMember, passTime } from '../../support/verification';
import { killWorkerProcesses, startWorkerProcess } from '../../support/worker-process';

jest.setTimeout(60_000);

let twilio: TwilioServer;
let worker: CodeWorker | undefined;

beforeAll(async () => {
  await openTestPortal();
  twilio = await startTwilioServer();
});
beforeEach(async () => {
  // What the test before has left is not for this one's worker.
  await db('verification_codes').update({ live: false });
  twilio.requests.length = 0;
  twilio.answer = taken;
});
afterEach(async () => {
  await worker?.close();
  worker = undefined;
  await killWorkerProcesses();
});
afterAll(async () => {
  await closeCodeQueue();
  await twilio.close();
  await closeTestPortal();
});

const work = () => {
  worker = startCodeWorker();
};

async function newCode(): Promise<{ id: number; account_id: number }> {
  const { accountId: account_id, contactNumber: telephone } = await newContactMember();
  const request = {
    account_id,
    session_id: 'session',
    request_id: randomUUID(),
    telephone,
    method: 'sms' as const,
  };
  const { id = 0 } = await requestCode(request);
  return { id, account_id };
}

async function rowOf(id: number): Promise<VerificationCode> {
  const row = await db<VerificationCode>('verification_codes').where({ id }).first();
  if (!row) throw new Error(`no code ${id}`);
  return row;
}

const untilState = (id: number, state: VerificationCode['state']) =>
  eventually(async () => {
    const row = await rowOf(id);
    expect(row.state).toBe(state);
    return row;
  }, 30_000);

const sentDigits = () => /(?<=番号は )\d{6}/.exec(twilio.requests.at(-1)?.fields.Body ?? '')?.[0] ?? '';

it('hands a code over once, and forgets its digits', async () => {
  work();
  const { id, account_id } = await newCode();
  await Promise.all([nudgeCode(id), nudgeCode(id)]);
  const row = await untilState(id, 'sent');
  expect(row.gateway_id).toMatch(/^SM/);
  expect(row.sealed_code).toBeNull();
  await enqueueCode(id);
  await sweepCodes();
  expect(twilio.requests).toHaveLength(1);
  expect(await tryCode({ account_id, session_id: 'session' }, sentDigits())).toEqual({ word: 'right' });
});

it('keeps the digits out of Redis', async () => {
  const { id } = await newCode();
  await nudgeCode(id);
  const job = await redis().hgetall(`{meisai}:verification-codes:code-${id}`);
  expect(job.data).toBe(JSON.stringify({ id }));
});

it('waits for a slow gateway', async () => {
  const waiting: ServerResponse[] = [];
  twilio.answer = (res) => void waiting.push(res);
  work();
  const { id } = await newCode();
  await nudgeCode(id);
  await untilState(id, 'sending');
  await eventually(() => expect(waiting).toHaveLength(1));
  waiting.forEach((res) => taken(res));
  await untilState(id, 'sent');
});

it('gives up at once where the gateway refuses', async () => {
  twilio.answer = refused(400, 21_614);
  work();
  const { id } = await newCode();
  await nudgeCode(id);
  const row = await untilState(id, 'failed');
  expect(row.failure).toBe('Twilio 21614');
  expect(twilio.requests).toHaveLength(1);
});

it('tries again while the gateway has surely not taken it', async () => {
  twilio.answer = (res) => (twilio.requests.length < 3 ? refused(429, 20_429)(res) : taken(res));
  work();
  const { id } = await newCode();
  await nudgeCode(id);
  await untilState(id, 'sent');
  expect(twilio.requests).toHaveLength(3);
});

it('does not try again where nobody knows', async () => {
  twilio.answer = (res) => res.destroy();
  work();
  const { id, account_id } = await newCode();
  await nudgeCode(id);
  const row = await untilState(id, 'failed');
  expect(row.failure).toBe('nobody knows whether it was sent');
  await sweepCodes();
  expect(twilio.requests).toHaveLength(1);
  // It may have come all the same.
  expect(await tryCode({ account_id, session_id: 'session' }, sentDigits())).toEqual({ word: 'right' });
});

it('takes reports late, twice and in any order', async () => {
  work();
  const { id } = await newCode();
  await nudgeCode(id);
  await untilState(id, 'sent');
  await recordDelivery({ id }, { state: 'failed', failure: 'Twilio 30003' });
  expect(await rowOf(id)).toMatchObject({ state: 'failed', failure: 'Twilio 30003' });
  await recordDelivery({ id }, { state: 'delivered' });
  await recordDelivery({ id }, { state: 'sent' });
  await recordDelivery({ id }, { state: 'failed' });
  await recordDelivery({ id }, { state: 'delivered' });
  expect((await rowOf(id)).state).toBe('delivered');
});

it('keeps a report that was quicker than the answer', async () => {
  const { id } = await newCode();
  twilio.answer = (res) => void recordDelivery({ id }, { state: 'delivered' }).then(() => taken(res));
  work();
  await nudgeCode(id);
  const row = await eventually(async () => {
    const found = await rowOf(id);
    expect(found.gateway_id).toMatch(/^SM/);
    return found;
  });
  expect(row.state).toBe('delivered');
});

it('sends what the queue has lost', async () => {
  const { id, account_id } = await newCode();
  await nudgeCode(id);
  await emptyRedis();
  work();
  await untilState(id, 'sent');
  expect(await tryCode({ account_id, session_id: 'session' }, sentDigits())).toEqual({ word: 'right' });
});

it('never sends again what a killed worker may have sent', async () => {
  twilio.answer = () => undefined;
  const { id } = await newCode();
  await nudgeCode(id);
  const killed = startWorkerProcess();
  await eventually(() => expect(twilio.requests).toHaveLength(1), 30_000);
  await killed.end('SIGKILL');
  expect(killed.log()).not.toContain(sentDigits());
  twilio.answer = taken;
  // As if the queue took its job up again.
  await emptyRedis();
  await enqueueCode(id);
  const { id: next } = await newCode();
  await enqueueCode(next);
  work();
  await untilState(next, 'sent');
  expect((await rowOf(id)).state).toBe('sending');
  await passTime(61_000);
  await sweepCodes();
  expect((await rowOf(id)).state).toBe('failed');
  expect(twilio.requests).toHaveLength(2);
});

it('does not send a code that is void or past its time', async () => {
  const { id: late } = await newCode();
  await passTime(config.CODE_MINUTES * 60_000);
  const { id: used } = await newCode();
  await db('verification_codes').where({ id: used }).update({ live: false });
  await Promise.all([nudgeCode(late), nudgeCode(used)]);
  work();
  await untilState(late, 'failed');
  const { id } = await newCode();
  await nudgeCode(id);
  await untilState(id, 'sent');
  expect(twilio.requests).toHaveLength(1);
});

it('writes to the outbox in development, for this user alone', async () => {
  Object.assign(config, { VERIFICATION_GATEWAY: 'outbox' });
  work();
  const { id } = await newCode();
  await nudgeCode(id);
  await untilState(id, 'sent');
  Object.assign(config, { VERIFICATION_GATEWAY: 'twilio' });
  const file = path.join(config.DATA_DIR, 'outbox', `code-${id}.json`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { code, text } = JSON.parse(readFileSync(file, 'utf8')) as { code: string; text: string };
  expect(text).toContain(code);
  expect(twilio.requests).toHaveLength(0);
});
