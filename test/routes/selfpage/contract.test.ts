import { createApp } from '../../../app';
import type { Browser } from '../../support/browser';
import { createSelfPageUser, openSelfPageBrowser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const app = createApp();

beforeAll(openTestPortal);
afterAll(closeTestPortal);

describe('GET /selfpage/contract', () => {
  let browser: Browser;

  beforeAll(async () => {
    const customer = await createSelfPageUser(['05012345678', '05012345679', '0120123456'], {
      code: 'd123456789',
    });
    browser = await openSelfPageBrowser(app, customer);
  });

  it('shows the table of the guide, row by row', async () => {
    await browser.visit('/selfpage/contract');

    expect(browser.heading).toBe('現在のご契約状況');
    expect(browser.rows).toEqual([
      ['セルフID', 'd123456789'],
      ['契約コード', 'd123456789'],
      ['契約電話番号数', '2件 契約電話番号詳細'],
      ['チャネル数/回線数', '1チャネル/回線'],
      ['追加ダイヤルイン番号数', '1番号'],
      ['ダイヤルイン', '未申込'],
      ['auケータイ着信割引(月額料型)', '未申込'],
      ['番号通知リクエスト', '未申込'],
      ['着信拒否サービス', '未申込'],
      ['特定番号通知サービス', '未申込'],
      ['フリーコール(選択)番号通知サービス', '申込済 フリーコール(選択)電話番号詳細'],
      ['一括転送サービス', '未申込'],
      ['ご利用開始日', '2010年11月15日'],
      ['接続タイプ', 'ダイヤルイン接続'],
      ['プライマリDNS', '192.0.2.53'],
      ['セカンダリDNS', '198.51.100.53'],
    ]);
    expect(browser.$('nav [aria-current=page]').text()).toBe('ご契約内容の確認');
  });

  it('leads to the contract’s numbers and back', async () => {
    await browser.visit('/selfpage/contract');
    await browser.follow('契約電話番号詳細');
    expect(browser.heading).toBe('契約電話番号情報');
    expect(browser.rows).toEqual([
      ['1', '050-1234-5678'],
      ['2', '050-1234-5679'],
    ]);
    await browser.follow('ご契約内容の確認へ戻る');
    expect(browser.path).toBe('/selfpage/contract');
  });

  it('leads to the free-call numbers', async () => {
    await browser.follow('フリーコール(選択)電話番号詳細');
    expect(browser.heading).toBe('フリーコール(選択)電話番号情報');
    expect(browser.main).toContain('お客さまのフリーコール(選択)電話番号は下表のとおりです');
    expect(browser.rows).toEqual([['1', '0120-123-456']]);
  });

  it('leaves no cell empty, and counts no numbers where there are none', async () => {
    const bare = await createSelfPageUser([], { connection_type: '', primary_dns: '', secondary_dns: '' });
    const other = await openSelfPageBrowser(app, bare);
    expect(other.rows.slice(-3).map(([, value]) => value)).toEqual(['－', '－', '－']);
    await other.follow('契約電話番号詳細');
    expect(other.rows).toEqual([['該当する電話番号はありません']]);
    expect(other.$('.toolbar-end strong').text()).toBe('全0件');
  });

  it('shows no link to free-call numbers where the service was not applied for', async () => {
    const other = await openSelfPageBrowser(
      app,
      await createSelfPageUser([], { options: 'dialin;bulk_transfer' }),
    );
    expect(other.rows[10]).toEqual(['フリーコール(選択)番号通知サービス', '未申込']);
    expect(other.rows[5]).toEqual(['ダイヤルイン', '申込済']);
  });
});
