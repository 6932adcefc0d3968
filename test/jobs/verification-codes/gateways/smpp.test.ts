import { randomUUID } from 'node:crypto';
import smpp from 'smpp';
import { config } from '../../../../config';
import {
  type CodeGateway,
  GatewayUnavailable,
  GatewayRefusal,
} from '../../../../jobs/verification-codes/gateways/gateway';
import { createSmppGateway } from '../../../../jobs/verification-codes/gateways/smpp';
import { db } from '../../../../lib/database/db';
import { claimCode, markCodeSent } from '../../../../models/verification/delivery';
import { requestCode, type VerificationCode } from '../../../../models/verification/code';
import { waitFor } from '../../../support/eventually';
import { closeTestPortal, openTestPortal } from '../../../support/portal';
import { createContactUser } from '../../../support/verification';
import { accept, type FakeSmsc, startSmsc } from '../../../support/smpp-server';

let smsc: FakeSmsc;
let gateway: CodeGateway;

beforeAll(openTestPortal);
afterAll(closeTestPortal);
beforeEach(async () => {
  smsc = await startSmsc();
  gateway = createSmppGateway({ answer: 300, enquire: 50, reconnect: [20, 40] });
});
afterEach(async () => {
  await gateway.close?.();
  await smsc.close();
});

const message = { id: 1, method: 'sms' as const, to: '+819012345678', code: '204816' };

/** Sends as soon as the line is bound. */
const send = (): Promise<string> => waitFor(() => gateway.send(message));

it('binds, and submits in UCS-2 with a receipt asked for', async () => {
  expect(await send()).toMatch(/^smsc-\d+$/);
  const [pdu] = smsc.submitted;
  expect(pdu).toMatchObject({
    destination_addr: '819012345678',
    data_coding: 8,
    registered_delivery: 1,
    short_message: { message: '【しおみ光フォン】認証番号は 204816 です。30分以内に入力してください。' },
  });
});

it('sends a long message as a payload', async () => {
  const { SERVICE_NAME } = config;
  Object.assign(config, { SERVICE_NAME: '名'.repeat(120) });
  await send();
  Object.assign(config, { SERVICE_NAME });
  expect(JSON.stringify(smsc.submitted[0]?.message_payload)).toContain('名名');
});

it('tells a refusal from a full queue and from silence', async () => {
  await send();
  smsc.answer = (session, pdu) => session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
  await expect(gateway.send(message)).rejects.toThrow(GatewayRefusal);
  smsc.answer = (session, pdu) => session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
  await expect(gateway.send(message)).rejects.toThrow(GatewayUnavailable);
  smsc.answer = () => undefined;
  await expect(gateway.send(message)).rejects.toThrow('no answer');
});

it('does not know what became of a message when the line breaks, and binds again', async () => {
  await send();
  smsc.answer = () => smsc.closeSessions();
  await expect(gateway.send(message)).rejects.toThrow('no answer');
  smsc.answer = accept;
  await send();
  expect(smsc.binds.length).toBeGreaterThanOrEqual(2);
});

it('notices a line that is dead without being closed', async () => {
  await send();
  const binds = smsc.binds.length;
  smsc.listSessions()[0]?.removeAllListeners('enquire_link');
  await waitFor(() => expect(smsc.binds.length).toBeGreaterThan(binds));
});

describe('a delivery receipt', () => {
  async function sendCode(gatewayId: string): Promise<number> {
    const member = await createContactUser();
    const { id = 0 } = await requestCode({
      login_id: member.loginId,
      session_id: 'session',
      request_id: randomUUID(),
      telephone: member.contactNumber,
      method: 'sms',
    });
    await claimCode(id);
    await markCodeSent(id, gatewayId);
    return id;
  }

  const readState = async (id: number) =>
    (await db<VerificationCode>('verification_codes').where({ id }).first())?.state;

  const buildReceipt = (text: string, more: object = {}) => ({
    esm_class: 4,
    short_message: { message: text },
    ...more,
  });

  it('is read from its text', async () => {
    await send();
    const id = await sendCode('abc-1');
    const text =
      'id:abc-1 sub:001 dlvrd:001 submit date:1712051320 done date:1712051321 stat:DELIVRD err:000 text:';
    expect(await smsc.report(buildReceipt(text))).toBe(smpp.ESME_ROK);
    expect(await readState(id)).toBe('delivered');
  });

  it('is read from its parameters', async () => {
    await send();
    const id = await sendCode('abc-2');
    expect(await smsc.report(buildReceipt('', { receipted_message_id: 'abc-2', message_state: 5 }))).toBe(
      smpp.ESME_ROK,
    );
    expect(await readState(id)).toBe('failed');
  });

  it('is put off where its message is not known yet', async () => {
    await send();
    expect(await smsc.report(buildReceipt('id:unknown-1 stat:DELIVRD err:000'))).toBe(smpp.ESME_RX_T_APPN);
  });

  it('is not every message', async () => {
    await send();
    expect(await smsc.report({ short_message: { message: 'STOP' } })).toBe(smpp.ESME_ROK);
  });
});
