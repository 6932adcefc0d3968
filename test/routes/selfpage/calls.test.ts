import { createApp } from '../../../app';
import type { Browser } from '../../support/browser';
import { storeCalls } from '../../support/calls';
import { createSelfPageUser, openSelfPageBrowser, type TestSelfPageUser } from '../../support/users';
import { setClock, closeTestPortal, openTestPortal } from '../../support/portal';

const app = createApp();
const NUMBER = '05012345678';
const DAY = 86_400_000;

let customer: TestSelfPageUser;
let browser: Browser;

/** 23 calls on 12 days, two of a day at the same instant. */
const manyCalls = Array.from({ length: 23 }, (_, index) => ({
  from: NUMBER,
  at: new Date(Date.parse('2017-11-01T09:00:00+09:00') + Math.floor(index / 2) * DAY).toISOString(),
  duration: (index + 1) * 10,
}));

beforeAll(async () => {
  await openTestPortal();
  setClock('2017-12-05T13:20:00+09:00');
  customer = await createSelfPageUser([NUMBER, '05012345679']);
  await storeCalls(customer.contractId, [
    ...manyCalls,
    {
      from: NUMBER,
      at: '2017-11-05T20:12:21.5+09:00',
      duration: 37_355,
      type: 'mobile',
      to: '09012345678',
      area: '携帯電話',
      charge: 123_450,
    },
    {
      from: NUMBER,
      at: '2017-11-30T23:59:00+09:00',
      type: 'directory',
      to: '104',
      area: '番号案内',
      charge: 6000,
    },
    {
      from: '05012345679',
      at: '2017-11-02T10:00:00+09:00',
      type: 'international',
      to: '8613812345678',
      area: '中国',
      charge: 3000,
    },
    { from: NUMBER, at: '2017-11-03T10:00:00+09:00', incoming: true, charge: 0 },
  ]);
  browser = await openSelfPageBrowser(app, customer);
});
afterAll(closeTestPortal);

describe('GET /selfpage/calls/:month/:numberId/:category', () => {
  it('lists the calls of a number and category, oldest first, with the month’s sum', async () => {
    await browser.visit('/selfpage/charges/201711');
    await browser.follow('050-1234-5678 携帯/PHS通話 明細を表示');

    expect(browser.heading).toBe('ご利用明細(携帯/PHS通話)の確認');
    expect(browser.$('.fact-sum dd').text()).toBe('1,234.50円');
    expect(browser.rows).toEqual([
      ['1', '11/05(日)20時12分21.5秒', '090-1234-5678', '携帯電話', '1時間02分15.5秒', '1,234.50円'],
    ]);
  });

  it('pages them without losing or repeating one', async () => {
    await browser.visit('/selfpage/charges/201711');
    await browser.follow('050-1234-5678 国内通話 明細を表示');
    const seen = [...browser.rows];
    expect(browser.main).toContain('1～10件 / 全24件');
    await browser.follow('次へ');
    seen.push(...browser.rows);
    await browser.follow('次へ');
    seen.push(...browser.rows);

    expect(seen.map(([index]) => Number(index))).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
    expect(seen.slice(0, 23).map((row) => row[4])).toEqual(
      manyCalls.map(({ duration }) => `0時間00分${String(duration / 10).padStart(2, '0')}.0秒`),
    );
    expect(seen[23]).toEqual(['24', '11/30(木)23時59分00.0秒', '104', '番号案内', '1件', '60.00円']);
  });

  it.each([
    ['past the end', '?page=99', '21～24件'],
    ['below the first', '?page=0', '1～10件'],
    ['a word', '?page=last', '1～10件'],
    ['between two', '?page=2.7', '11～20件'],
    ['given twice', '?page=1&page=2', '1～10件'],
  ])('leads a page number %s to the nearest page', async (_case, query, shown) => {
    await browser.visit('/selfpage/charges/201711');
    await browser.follow('050-1234-5678 国内通話 明細を表示');
    await browser.visit(browser.path + query);
    expect(browser.main).toContain(shown);
  });

  it('says so where there are none', async () => {
    await browser.visit('/selfpage/charges/201711');
    await browser.follow('050-1234-5678 国際通話 明細を表示');
    expect(browser.main).toContain('該当する通話はありません');
  });

  it('answers 404 for another contract’s number, an unknown one, and no category', async () => {
    const stranger = await openSelfPageBrowser(app, await createSelfPageUser(['05099999999']));
    await browser.visit('/selfpage/charges/201711');
    await browser.follow('050-1234-5678 国内通話 明細を表示');
    for (const path of [
      browser.path,
      '/selfpage/calls/201711/999999/domestic',
      '/selfpage/calls/201711/1e3/domestic',
      '/selfpage/calls/201711/x/domestic',
    ]) {
      await stranger.visit(path);
      expect(stranger.status).toBe(404);
    }
    await browser.visit(browser.path.replace('domestic', 'directory'));
    expect(browser.status).toBe(404);
  });
});

describe('GET /selfpage/calls/:month', () => {
  it('lists all outgoing calls of the month over all numbers, with number and type', async () => {
    await browser.visit('/selfpage/charges');
    await browser.follow('2017年11月 通話明細 画面に表示');

    expect(browser.heading).toBe('ご利用明細(通話明細)の確認');
    expect(browser.main).toContain('1～10件 / 全26件');
    expect(browser.rows[2]).toEqual([
      '3',
      '050-1234-5678',
      '11/02(木)09時00分00.0秒',
      '03-1234-5678',
      '東京',
      '国内呼',
      '0時間00分03.0秒',
      '8.00円',
    ]);
    expect(browser.rows[4]?.slice(1, 6)).toEqual([
      '050-1234-5679',
      '11/02(木)10時00分00.0秒',
      '8613812345678',
      '中国',
      '国際呼',
    ]);
    await browser.visit('/selfpage/calls/201711?page=3');
    expect(browser.rows.at(-1)?.[6]).toBe('1件');
  });
});
