import { createApp } from '../../../app';
import { closeDetailFileQueue } from '../../../jobs/detail-files/queue';
import { type DetailFileWorker, startDetailFileWorker } from '../../../jobs/detail-files/worker';
import { savePhoneNumber } from '../../../models/contract/save-numbers';
import type { Browser } from '../../support/browser';
import { storeCalls } from '../../support/calls';
import { setClock, closeTestPortal, openTestPortal } from '../../support/portal';
import { createMyPageUser, type TestMyPageUser, openVerifiedBrowser } from '../../support/users';
import { waitFor } from '../../support/eventually';

const app = createApp();

let user: TestMyPageUser;
let browser: Browser;
let worker: DetailFileWorker | undefined;

beforeAll(async () => {
  await openTestPortal();
  setClock('2011-05-09T10:00:00+09:00');
  user = await createMyPageUser(['05012340001']);
  await savePhoneNumber(user.contractId, '09012340001', 'contract', undefined, 'mobile');
  await storeCalls(user.contractId, [
    { from: '05012340001', at: '2011-04-05T10:00:00+09:00', duration: 615, charge: 800 },
    { from: '09012340001', at: '2011-04-06T10:00:00+09:00', duration: 615, charge: 800, type: 'mobile' },
  ]);
  browser = await openVerifiedBrowser(app, user);
});
afterAll(async () => {
  await worker?.close(0);
  await closeDetailFileQueue();
  await closeTestPortal();
});

describe('/mypage/detail-files/:contract/:kind/:month', () => {
  it('makes the file of the 050 numbers’ calls, without those of mobile numbers', async () => {
    worker = startDetailFileWorker();
    await browser.visit('/mypage/usage/050');
    await browser.follow('通話明細 作成');
    expect(browser.heading).toBe('月別明細(通話明細)作成受付の確認');
    expect(browser.$('.menu .current').text()).toBe('料金・ご利用明細');
    await browser.press('明細作成');
    const status = `/mypage/detail-files/${user.code}/calls/201104`;
    expect(browser.getHeader('refresh')).toBe(`1; url=${status}`);
    await waitFor(async () => {
      await browser.visit(status);
      expect(browser.main).toContain('明細が作成されております。');
    });
    expect(browser.main).toContain('行数1行');
    await browser.follow('050IP電話利用明細へ戻る');
    expect(browser.heading).toBe('050IP電話利用明細');
    await browser.follow('通話明細 ダウンロード');
    await browser.follow('明細ダウンロード');
    expect(browser.getHeader('content-disposition')).toContain(`tsuwameisai_${user.code}_201104.csv`);
  });

  it('answers 404 for another’s contract, a month beyond the window, and another kind', async () => {
    const stranger = await createMyPageUser(['05099990001']);
    for (const of of [
      `${stranger.code}/calls/201104`,
      'N999999999/calls/201104',
      `${user.code}/calls/201105`,
      `${user.code}/calls/201010`,
      `${user.code}/all/201104`,
    ])
      for (const page of ['', '/request', '/accepted', '/download']) {
        await browser.visit(`/mypage/detail-files/${of}${page}`);
        expect(browser.status).toBe(404);
      }
  });

  it('takes no request for another’s contract', async () => {
    const stranger = await openVerifiedBrowser(app, await createMyPageUser(['05099990002']));
    await stranger.visit('/mypage/usage/050');
    await stranger.follow('通話明細 作成');
    await stranger.post(
      `/mypage/detail-files/${user.code}/fees/201104/request`,
      stranger.getFields('明細作成'),
    );
    expect(stranger.status).toBe(404);
  });
});
