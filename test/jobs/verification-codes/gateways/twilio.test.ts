import * as cheerio from 'cheerio';
import { GatewayUnavailable, GatewayRefusal } from '../../../../jobs/verification-codes/gateways/gateway';
import { createTwilioGateway } from '../../../../jobs/verification-codes/gateways/twilio';
import { config } from '../../../../config';
import {
  refuseMessage,
  startTwilioServer,
  TWILIO_TOKEN,
  type TwilioServer,
} from '../../../support/twilio-server';

let twilio: TwilioServer;

beforeAll(async () => {
  twilio = await startTwilioServer();
});
afterAll(() => twilio.close());
beforeEach(() => {
  twilio.requests.length = 0;
});

const message = { id: 7, method: 'sms' as const, to: '+819012345678', code: '204816' };
const send = (changes: object = {}, timeoutMs?: number) =>
  createTwilioGateway(timeoutMs).send({ ...message, ...changes });

it('sends a short message', async () => {
  expect(await send()).toMatch(/^SM\d{32}$/);
  expect(twilio.requests).toHaveLength(1);
  const [request] = twilio.requests;
  expect(request?.path).toBe(`/2010-04-01/Accounts/${config.TWILIO_ACCOUNT_SID}/Messages.json`);
  expect(Buffer.from((request?.authorization ?? '').slice('Basic '.length), 'base64').toString()).toBe(
    `${config.TWILIO_ACCOUNT_SID}:${TWILIO_TOKEN}`,
  );
  expect(request?.fields).toEqual({
    To: '+819012345678',
    From: '+815012345678',
    Body: '【しおみ光フォン】認証番号は 204816 です。30分以内に入力してください。',
    StatusCallback: 'https://meisai.example.jp/gateway/twilio/codes/7',
  });
});

it('calls, and says the digits one by one, twice, in Japanese', async () => {
  await send({ method: 'voice' });
  const [request] = twilio.requests;
  expect(request?.path).toMatch(/\/Calls\.json$/);
  const $ = cheerio.load(request?.fields.Twiml ?? '', { xml: true });
  const words = $('Response > Say')
    .toArray()
    .map((say) => $(say).text());
  expect(words.filter((word) => /^\d$/.test(word)).join('')).toBe('204816204816');
  expect($('Say[language="ja-JP"]')).toHaveLength(words.length);
  expect($('Pause')).toHaveLength(12);
});

it.each([
  [400, 21_211, GatewayRefusal],
  [401, 20_003, GatewayRefusal],
  [429, 20_429, GatewayUnavailable],
])('knows that %i has not been taken', async (status, code, kind) => {
  twilio.answer = refuseMessage(status, code);
  await expect(send()).rejects.toThrow(kind);
  expect(twilio.requests).toHaveLength(1);
});

it.each([500, 502, 503])('does not know what %i means', async (status) => {
  twilio.answer = refuseMessage(status, 0);
  const error: unknown = await send().catch((reason: unknown) => reason);
  expect(error).not.toBeInstanceOf(GatewayRefusal);
  expect(error).not.toBeInstanceOf(GatewayUnavailable);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('204816');
});

it('does not wait for ever, nor let the digits out in the error', async () => {
  twilio.answer = () => undefined;
  const error: unknown = await send({}, 200).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(GatewayUnavailable);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('204816');
});

it('knows that nothing went to a server that is not there', async () => {
  const there = config.TWILIO_API_URL;
  Object.assign(config, { TWILIO_API_URL: 'http://127.0.0.1:1' });
  await expect(send()).rejects.toThrow(GatewayUnavailable);
  Object.assign(config, { TWILIO_API_URL: there });
});
