// How a suite of somebody else's drives the portal: supertest alone, CSRF on. There, `meisai` stands for `../app`.
import request, { type Response } from 'supertest';
import { createApp, startServices } from '../index';

let services: Awaited<ReturnType<typeof startServices>>;

beforeAll(async () => {
  services = await startServices();
});
afterAll(() => services.close());

/** The token that the form of a page carries. */
const readToken = (page: Response): string => /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';

/** A browser that has logged in as the demonstration's customer. */
async function logIn() {
  const agent = request.agent(createApp());
  const _csrf = readToken(await agent.get('/'));
  await agent
    .post('/selfpage/login')
    .type('form')
    .send({ _csrf, loginId: 'd123456789', password: 'demo2017' })
    .expect(303)
    .expect('Location', '/selfpage/contract');
  return agent;
}

it('logs in and fetches a month’s call details', async () => {
  const agent = await logIn();
  const charges = await agent.get('/selfpage/charges').expect(200);
  const address = /\/selfpage\/detail-files\/calls\/\d{6}/.exec(charges.text)?.[0] ?? '';

  const _csrf = readToken(await agent.get(`${address}/request`).expect(200));
  await agent.post(`${address}/request`).type('form').send({ _csrf }).expect(303);

  let status: Response;
  do status = await agent.get(address).expect(200);
  while (!status.text.includes('明細ダウンロード</a>'));

  const file = await agent.get(`${address}/download`).responseType('blob').expect(200);
  const lines = new TextDecoder('shift_jis').decode(file.body as Buffer).split('\r\n');
  expect(lines[0]).toBe(
    'ご利用電話番号,通話開始日時,通話開始時刻,着信電話番号,地域名,通話時間,内線区分,呼種別,通話料',
  );
  expect(lines.length).toBeGreaterThan(8);
});

it('changes the password through the wizard', async () => {
  const agent = await logIn();
  let page = await agent.get('/selfpage/password').expect(200);
  await agent
    .post('/selfpage/password')
    .type('form')
    .send({ _csrf: readToken(page), current: 'demo2017', new: 'abc123', again: 'abc123' })
    .expect('Location', '/selfpage/password/confirm');

  page = await agent.get('/selfpage/password/confirm').expect(200);
  const submission = /name="submission" value="([^"]+)"/.exec(page.text)?.[1];
  await agent
    .post('/selfpage/password/confirm')
    .type('form')
    .send({ _csrf: readToken(page), submission })
    .expect('Location', '/selfpage/password/done');

  page = await agent.get('/selfpage/password/done').expect(200);
  expect(page.text).toContain('セルフパスワードの変更が完了しました');
});
