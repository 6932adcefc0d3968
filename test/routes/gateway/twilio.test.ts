import { randomUUID } from 'node:crypto';
import type { Express } from 'express';
import request from 'supertest';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import { createApp } from '../../../app';
import { claimCode, markCodeSent } from '../../../models/verification/delivery';
import { db } from '../../../lib/database/db';
import { requestCode, type VerificationCode } from '../../../models/verification/code';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { createContactUser } from '../../support/verification';
import { startTwilioServer, TWILIO_TOKEN, type TwilioServer } from '../../support/twilio-server';

let app: Express;
let twilio: TwilioServer;
let id: number;

beforeAll(async () => {
  await openTestPortal();
  twilio = await startTwilioServer();
  app = createApp();
});
beforeEach(async () => {
  const { loginId: login_id, contactNumber: telephone } = await createContactUser();
  const asked = {
    login_id,
    session_id: 'session',
    request_id: randomUUID(),
    telephone,
    method: 'sms' as const,
  };
  id = (await requestCode(asked)).id ?? 0;
  await claimCode(id);
  await markCodeSent(id, 'SM1');
});
afterAll(async () => {
  await twilio.close();
  await closeTestPortal();
});

const report = (fields: Record<string, string>, to = id, token = TWILIO_TOKEN) =>
  request(app)
    .post(`/gateway/twilio/codes/${to}`)
    .type('form')
    .set(
      'X-Twilio-Signature',
      getExpectedTwilioSignature(token, `https://meisai.example.jp/gateway/twilio/codes/${to}`, fields),
    )
    .send(fields);

const findRow = () => db<VerificationCode>('verification_codes').where({ id }).first();

it.each([
  [{ MessageStatus: 'delivered' }, 'delivered', null],
  [{ MessageStatus: 'undelivered', ErrorCode: '30003' }, 'failed', 'Twilio 30003'],
  [{ CallStatus: 'completed' }, 'delivered', null],
  [{ CallStatus: 'no-answer' }, 'failed', 'Twilio no-answer'],
  [{ CallStatus: 'ringing' }, 'sent', null],
])('notes %o', async (fields, state, failure) => {
  const response = await report(fields);
  expect(response.status).toBe(204);
  expect(response.get('set-cookie')).toBeUndefined();
  expect(await findRow()).toMatchObject({ state, failure });
});

it('refuses what Twilio has not signed, or has signed for another code', async () => {
  expect((await report({ MessageStatus: 'delivered' }, id, 'another token')).status).toBe(403);
  const unsigned = request(app).post(`/gateway/twilio/codes/${id}`).type('form');
  expect((await unsigned.send({ MessageStatus: 'delivered' })).status).toBe(403);
  const fields = { MessageStatus: 'delivered' };
  const moved = request(app).post(`/gateway/twilio/codes/${id}`).type('form');
  const signature = getExpectedTwilioSignature(
    TWILIO_TOKEN,
    'https://meisai.example.jp/gateway/twilio/codes/0',
    fields,
  );
  expect((await moved.set('X-Twilio-Signature', signature).send(fields)).status).toBe(403);
  expect((await findRow())?.state).toBe('sent');
});

it('knows no code of another number', async () => {
  expect((await report({ MessageStatus: 'delivered' }, 999_999)).status).toBe(404);
});
