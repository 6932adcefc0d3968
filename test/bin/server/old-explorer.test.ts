import { writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import path from 'node:path';
import { generate } from 'selfsigned';
import request from 'supertest';
import { createApp } from '../../../app';
import { config } from '../../../config';
import { startWebServer, type WebServer } from '../../../bin/server/web-server';
import { createSelfPageUser, type TestSelfPageUser } from '../../support/users';
import { setClock, closeTestPortal, openTestPortal } from '../../support/portal';
import { readPart, buildRequestedFile } from '../../support/detail-files';

const USER_AGENT = 'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)';
// The ciphers of Windows 7 with 「TLS 1.2を使用する」, in its order.
const WINDOWS_7 = {
  maxVersion: 'TLSv1.2',
  ecdhCurve: 'P-256:P-384',
  ciphers: [
    ...['AES128-SHA256', 'AES128-SHA', 'AES256-SHA256', 'AES256-SHA'],
    ...['ECDHE-RSA-AES256-SHA384', 'ECDHE-RSA-AES128-SHA256', 'ECDHE-RSA-AES256-SHA', 'ECDHE-RSA-AES128-SHA'],
    ...['ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA-AES256-SHA', 'ECDHE-ECDSA-AES128-SHA'],
  ].join(':'),
} as const;

let server: WebServer;
let customer: TestSelfPageUser;
let agent: Agent;
let explorer: ReturnType<typeof request.agent>;

beforeAll(async () => {
  await openTestPortal();
  setClock('2017-12-05T13:20:00+09:00');
  const name = [{ name: 'commonName', value: 'portal.example' }];
  const { cert, private: key } = await generate(name, { keySize: 2048 });
  const [TLS_CERT, TLS_KEY] = ['cert.pem', 'key.pem'].map((file) => path.join(config.DATA_DIR, file));
  writeFileSync(TLS_CERT ?? '', cert);
  writeFileSync(TLS_KEY ?? '', key);
  Object.assign(config, { PORT: 0, TLS_CERT, TLS_KEY, isSecure: true });
  server = await startWebServer(createApp());
  customer = await createSelfPageUser(['05012345678'], { code: 'd123456789' });
  agent = new Agent({ ...WINDOWS_7, ca: cert, servername: 'portal.example' });
  explorer = request.agent(server.url.slice(0, -1));
});
afterAll(async () => {
  agent.destroy();
  await server.close();
  await closeTestPortal();
});

const get = (address: string) =>
  explorer.get(address).agent(agent).set({ 'User-Agent': USER_AGENT, 'Accept-Encoding': 'gzip, deflate' });

describe('Internet Explorer 8 on Windows 7, over TLS', () => {
  it('logs in', async () => {
    const login = await get('/').expect(200);
    expect(login.headers['content-type']).toBe('text/html; charset=utf-8');
    const [, _csrf] = /name="_csrf" value="([^"]+)"/.exec(login.text) ?? [];
    await explorer
      .post('/selfpage/login')
      .agent(agent)
      .type('form')
      .send({ _csrf, loginId: customer.login, password: customer.password })
      .expect(303, /./);
    const contract = await get('/selfpage/contract').expect(200);
    expect(contract.text).toContain('現在のご契約状況');
  });

  it('gets a file by the headers with which it can save it', async () => {
    const file = await buildRequestedFile(customer.contractId, 201711, 'calls');
    const answer = await get('/selfpage/detail-files/calls/201711/download?format=csv')
      .responseType('blob')
      .expect(200);
    const { headers, body } = answer as { headers: Record<string, string>; body: Buffer };
    expect(body).toEqual(await readPart(file, 'csv'));
    // It saves by way of its cache: nothing may keep the answer out of there (Microsoft KB 323308, 815313).
    expect(headers['cache-control']).toBe('private');
    expect([headers.pragma, headers.vary, headers.expires]).toEqual([undefined, undefined, undefined]);
    // It takes the first name, and knows no other alphabet there.
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="tsuwameisai_d123456789_201711\.csv"; filename\*=UTF-8''%/,
    );
    expect(headers['content-length']).toBe(String(body.length));
    expect(headers['transfer-encoding']).toBeUndefined();
  });
});
