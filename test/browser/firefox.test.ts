import { eventually } from '../support/eventually';
import { Firefox } from './support/firefox';
import { describeWith } from './support/needs';
import { fetchFile } from './support/plain-client';
import { type RealPortal, startRealPortal } from './support/real-portal';

let portal: RealPortal;
let firefox: Firefox;

beforeAll(async () => {
  portal = await startRealPortal();
});
afterAll(() => portal.stop());
afterEach(() => firefox.close());

describeWith('firefox-esr')('Firefox ESR', () => {
  it.each([
    { script: true, month: '201711' },
    { script: false, month: '201710' },
  ])('shows charges and gets a file, script $script', async ({ script, month }) => {
    firefox = await Firefox.start(script);
    await firefox.visit(`${portal.url}/`);
    await firefox.type('#loginId', 'd123456789');
    await firefox.type('#password', 'demo2017');
    await firefox.press('ログイン');
    await firefox.sees('現在のご契約状況');
    await firefox.follow('ご利用料金の確認');
    await firefox.sees('1,928円');
    portal.holdWorker();
    await firefox.visit(`${portal.url}/selfpage/detail-files/calls/${month}/request`);
    await firefox.press('明細作成');
    await firefox.sees('ただいま作成中です');
    portal.goOn();
    await firefox.sees('明細が作成されております');
    await firefox.follow('明細ダウンロード');
    const bytes = await fetchFile(portal.url, `/selfpage/detail-files/calls/${month}/download`);
    await eventually(async () => expect(await firefox.downloaded('.csv')).toEqual(bytes));
  });
});
