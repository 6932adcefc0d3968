import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { config } from '../../../config';
import { closeCodeQueue, enqueueSendOrThrow, enqueueSend } from '../../../jobs/verification-codes/queue';
import { type CodeWorker, startCodeWorker, sweepCodes } from '../../../jobs/verification-codes/worker';
import { recordDelivery } from '../../../models/verification/delivery';
import { db } from '../../../lib/database/db';
import { getRedis } from '../../../lib/redis/redis';
import { requestCode, checkCode, type VerificationCode } from '../../../models/verification/code';
import { waitFor } from '../../support/eventually';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { createContactUser, passTime } from '../../support/verification';
import { emptyRedis } from '../../support/redis-process';
import {
  refuseMessage,
  startTwilioServer,
  acceptMessage,
  type TwilioServer,
} from '../../support/twilio-server';
import { killWorkerProcesses, startWorkerProcess } from '../../support/worker-process';

let twilio: TwilioServer;
let worker: CodeWorker | undefined;

beforeAll(async () => {
  await openTestPortal();
  twilio = await startTwilioServer();
});
beforeEach(async () => {
  // Leftovers of the previous test are not for this one's worker.
  await db('verification_codes').update({ live: false });
  twilio.requests.length = 0;
  twilio.answer = acceptMessage;
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

const startWorker = () => {
  worker = startCodeWorker();
};

async function createCode(): Promise<{ id: number; login_id: number }> {
  const { loginId: login_id, contactNumber: telephone } = await createContactUser();
  const request = {
    login_id,
    session_id: 'session',
    request_id: randomUUID(),
    telephone,
    method: 'sms' as const,
  };
  const { id = 0 } = await requestCode(request);
  return { id, login_id };
}

async function findRow(id: number): Promise<VerificationCode> {
  const row = await db<VerificationCode>('verification_codes').where({ id }).first();
  if (!row) throw new Error(`no code ${id}`);
  return row;
}

const waitForState = (id: number, state: VerificationCode['state']) =>
  waitFor(async () => {
    const row = await findRow(id);
    expect(row.state).toBe(state);
    return row;
  });

const readSentCode = () => /(?<=番号は )\d{6}/.exec(twilio.requests.at(-1)?.fields.Body ?? '')?.[0] ?? '';

it('hands a code over once, and forgets its digits', async () => {
  startWorker();
  const { id, login_id } = await createCode();
  await Promise.all([enqueueSend(id), enqueueSend(id)]);
  const row = await waitForState(id, 'sent');
  expect(row.gateway_id).toMatch(/^SM/);
  expect(row.sealed_code).toBeNull();
  await enqueueSendOrThrow(id);
  await sweepCodes();
  expect(twilio.requests).toHaveLength(1);
  expect(await checkCode({ login_id, session_id: 'session' }, readSentCode())).toEqual({
    result: 'accepted',
  });
});

it('keeps the digits out of Redis', async () => {
  const { id } = await createCode();
  await enqueueSend(id);
  const job = await getRedis().hgetall(`{meisai}:verification-codes:code-${id}`);
  expect(job.data).toBe(JSON.stringify({ id }));
});

it('waits for a slow gateway', async () => {
  const waiting: ServerResponse[] = [];
  twilio.answer = (res) => void waiting.push(res);
  startWorker();
  const { id } = await createCode();
  await enqueueSend(id);
  await waitForState(id, 'sending');
  await waitFor(() => expect(waiting).toHaveLength(1));
  waiting.forEach((res) => acceptMessage(res));
  await waitForState(id, 'sent');
});

it('gives up at once where the gateway refuses', async () => {
  twilio.answer = refuseMessage(400, 21_614);
  startWorker();
  const { id } = await createCode();
  await enqueueSend(id);
  const row = await waitForState(id, 'failed');
  expect(row.failure).toBe('Twilio 21614');
  expect(twilio.requests).toHaveLength(1);
});

it('tries again while the gateway has surely not taken it', async () => {
  twilio.answer = (res) =>
    twilio.requests.length < 3 ? refuseMessage(429, 20_429)(res) : acceptMessage(res);
  startWorker();
  const { id } = await createCode();
  await enqueueSend(id);
  await waitForState(id, 'sent');
  expect(twilio.requests).toHaveLength(3);
});

it('does not try again where nobody knows', async () => {
  twilio.answer = (res) => res.destroy();
  startWorker();
  const { id, login_id } = await createCode();
  await enqueueSend(id);
  const row = await waitForState(id, 'failed');
  expect(row.failure).toBe('nobody knows whether it was sent');
  await sweepCodes();
  expect(twilio.requests).toHaveLength(1);
  // It may have come all the same.
  expect(await checkCode({ login_id, session_id: 'session' }, readSentCode())).toEqual({
    result: 'accepted',
  });
});

it('takes reports late, twice and in any order', async () => {
  startWorker();
  const { id } = await createCode();
  await enqueueSend(id);
  await waitForState(id, 'sent');
  await recordDelivery({ id }, { state: 'failed', failure: 'Twilio 30003' });
  expect(await findRow(id)).toMatchObject({ state: 'failed', failure: 'Twilio 30003' });
  await recordDelivery({ id }, { state: 'delivered' });
  await recordDelivery({ id }, { state: 'sent' });
  await recordDelivery({ id }, { state: 'failed' });
  await recordDelivery({ id }, { state: 'delivered' });
  expect((await findRow(id)).state).toBe('delivered');
});

it('keeps a report that was quicker than the answer', async () => {
  const { id } = await createCode();
  twilio.answer = (res) => void recordDelivery({ id }, { state: 'delivered' }).then(() => acceptMessage(res));
  startWorker();
  await enqueueSend(id);
  const row = await waitFor(async () => {
    const found = await findRow(id);
    expect(found.gateway_id).toMatch(/^SM/);
    return found;
  });
  expect(row.state).toBe('delivered');
});

it('sends what the queue has lost', async () => {
  const { id, login_id } = await createCode();
  await enqueueSend(id);
  await emptyRedis();
  startWorker();
  await waitForState(id, 'sent');
  expect(await checkCode({ login_id, session_id: 'session' }, readSentCode())).toEqual({
    result: 'accepted',
  });
});

it('never sends again what a killed worker may have sent', async () => {
  twilio.answer = () => undefined;
  const { id } = await createCode();
  await enqueueSend(id);
  const killed = startWorkerProcess();
  await waitFor(() => expect(twilio.requests).toHaveLength(1));
  await killed.end('SIGKILL');
  expect(killed.getLog()).not.toContain(readSentCode());
  twilio.answer = acceptMessage;
  // The queue takes up its job again.
  await emptyRedis();
  await enqueueSendOrThrow(id);
  const { id: next } = await createCode();
  await enqueueSendOrThrow(next);
  startWorker();
  await waitForState(next, 'sent');
  expect((await findRow(id)).state).toBe('sending');
  await passTime(61_000);
  await sweepCodes();
  expect((await findRow(id)).state).toBe('failed');
  expect(twilio.requests).toHaveLength(2);
});

it('does not send a code that is void or past its time', async () => {
  const { id: late } = await createCode();
  await passTime(config.VERIFICATION_CODE_MINUTES * 60_000);
  const { id: used } = await createCode();
  await db('verification_codes').where({ id: used }).update({ live: false });
  await Promise.all([enqueueSend(late), enqueueSend(used)]);
  startWorker();
  await waitForState(late, 'failed');
  const { id } = await createCode();
  await enqueueSend(id);
  await waitForState(id, 'sent');
  expect(twilio.requests).toHaveLength(1);
});

it('writes to the outbox in development, for this user alone', async () => {
  Object.assign(config, { VERIFICATION_GATEWAY: 'outbox' });
  startWorker();
  const { id } = await createCode();
  await enqueueSend(id);
  await waitForState(id, 'sent');
  Object.assign(config, { VERIFICATION_GATEWAY: 'twilio' });
  const file = path.join(config.DATA_DIR, 'outbox', `code-${id}.json`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { code, text } = JSON.parse(readFileSync(file, 'utf8')) as { code: string; text: string };
  expect(text).toContain(code);
  expect(twilio.requests).toHaveLength(0);
});
