import { createApp } from '../../../app';
import { config } from '../../../config';
import { loadDemo } from '../../../jobs/demo/load-demo';
import { savePhoneNumber } from '../../../models/contract/save-numbers';
import { publishMonth } from '../../../models/call/published-month';
import { saveUsage } from '../../../models/billing/usage';
import type { Browser } from '../../support/browser';
import { storeCalls } from '../../support/calls';
import { setClock, closeTestPortal, openTestPortal } from '../../support/portal';
import {
  createMyPageUser,
  createMyPageContract,
  type TestMyPageUser,
  openVerifiedBrowser,
} from '../../support/users';

const app = createApp();
const NUMBER = '05012340001';
const MOBILE = '09012340001';
/** The days of 2011年4月. */
const DAYS = 30;

let user: TestMyPageUser;
let browser: Browser;
let other: { code: string };

const openBrowser = () => openVerifiedBrowser(app, user);

beforeAll(async () => {
  await openTestPortal();
  setClock('2011-05-09T10:00:00+09:00');
  user = await createMyPageUser([NUMBER, '05012340002']);
  await savePhoneNumber(user.contractId, MOBILE, 'contract', undefined, 'mobile');
  other = await createMyPageContract(user.customerNumber, ['0312340001'], 'hikari');
  await storeCalls(user.contractId, [
    { from: NUMBER, at: '2011-04-05T10:00:00+09:00', duration: 615, charge: 800 },
    {
      from: NUMBER,
      at: '2011-04-05T12:00:00+09:00',
      duration: 200,
      type: 'directory',
      to: '104',
      charge: 6050,
    },
    { from: NUMBER, at: '2011-04-05T11:00:00+09:00', duration: 1799, incoming: true, charge: 0 },
    { from: '05012340002', at: '2011-04-06T11:00:00+09:00', duration: 300, type: 'phs', charge: 1000 },
    { from: MOBILE, at: '2011-04-07T11:00:00+09:00', duration: 300, type: 'mobile', charge: 2000 },
    { from: MOBILE, at: '2011-04-07T12:00:00+09:00', type: 'sms', to: '09099990000', charge: 300 },
    { from: MOBILE, at: '2011-03-07T12:00:00+09:00', type: 'sms', to: '09099990000', charge: 300 },
  ]);
  browser = await openBrowser();
});
afterAll(closeTestPortal);

const getSection = (name: string): string => browser.$(`section[aria-labelledby=${name}]`).text();

describe('GET /mypage/usage', () => {
  it('shows the services that the chosen contract has, and says which it has not', async () => {
    await browser.visit('/mypage/usage');
    expect(browser.$('.tabs .current').text()).toBe('利用状況照会 Use state inquiry');
    expect(
      browser
        .$('h2')
        .toArray()
        .map((h2) => browser.$(h2).text()),
    ).toEqual([
      'インターネット接続利用明細',
      'ひかり電話利用明細',
      'モバイル利用明細',
      '050IP電話利用明細',
      'ペイオン利用明細',
    ]);
    expect(getSection('hikari')).toContain(
      `契約番号${user.code}では、ひかり電話をご契約いただいていません。`,
    );
    expect(getSection('mobile')).toContain('※ご利用月の利用明細は、翌月28日よりご確認いただけます。');

    await browser.visit(`/mypage/usage?contract=${other.code}`);
    expect(browser.$('option[selected]').text()).toBe(other.code);
    expect(getSection('mobile')).toContain('モバイルをご契約いただいていません。');
    await browser.follow('ひかり電話利用明細を表示');
    expect(browser.heading).toBe('ひかり電話利用明細');
    expect(browser.main).toContain('ご利用明細(03-1234-0001)');
  });

  it('has no select where there is one contract', async () => {
    const single = await openVerifiedBrowser(app, await createMyPageUser());
    await single.visit('/mypage/usage');
    expect(single.$('select')).toHaveLength(0);
  });

  it('explains every row and rule', async () => {
    await browser.visit('/mypage/usage/050');
    await browser.follow('こちら');
    expect(browser.main).toContain('60秒ごとに0.50円を割り引きます');
  });
});

describe('GET /mypage/usage/050', () => {
  it('sums the numbers of the service, and each of them', async () => {
    await browser.visit('/mypage/usage');
    await browser.follow('050IP電話利用明細を表示');

    expect(
      browser
        .$('#month option')
        .toArray()
        .map((option) => browser.$(option).text()),
    ).toEqual(['2011年4月分', '2011年3月分', '2011年2月分', '2011年1月分', '2010年12月分', '2010年11月分']);
    expect(
      browser
        .$('h2')
        .toArray()
        .map((h2) => browser.$(h2).text()),
    ).toEqual([
      'ご利用明細(全番号合計)',
      '明細ファイル',
      '日別の通話数(発信)',
      'ご利用明細(050-1234-0001)',
      'ご利用明細(050-1234-0002)',
    ]);
    expect(browser.rows.slice(0, 7)).toEqual([
      ['全番号合計', '通話', '一般通話', '2', '0:01:01.5', '68'],
      ['国際通話', '0', '0:00:00.0', '0'],
      ['携帯通話', '0', '0:00:00.0', '0'],
      ['IP通話', '0', '0:00:00.0', '0'],
      ['PHS通話', '1', '0:00:30.0', '10'],
      ['合計', '3', '0:01:31.5', '78'],
      ['着割', '着割対象通話', '1', '0:02:59.9', '-1'],
    ]);
    const [first, ...rest] = browser.rows.slice(7 + DAYS);
    expect(first).toEqual(['050-1234-0001', '通話', '一般通話', '2', '0:01:01.5', '68']);
    expect(rest[10]).toEqual(['PHS通話', '1', '0:00:30.0', '10']);
  });

  it('says of a month whether it is final', async () => {
    await browser.visit('/mypage/usage/050');
    expect(browser.$('.lead .tag').text()).toBe('速報');
    await publishMonth(201103, 'test');
    await browser.visit(`/mypage/usage/050?contract=${user.code}&month=201103`);
    expect(browser.$('.lead .tag').text()).toBe('確定');
    expect(browser.main).toContain('2011年3月分のご利用明細は確定しています。');
  });

  it('draws the month by day', async () => {
    await browser.visit('/mypage/usage/050');
    expect(browser.$('svg rect[class=series-1]')).toHaveLength(DAYS);
    const days = browser.rows.slice(7, 7 + DAYS);
    expect(days.slice(3, 7)).toEqual([
      ['4日', '0', '0円'],
      ['5日', '2', '68円'],
      ['6日', '1', '10円'],
      ['7日', '0', '0円'],
    ]);
  });

  it('answers 404 for a month beyond the window, and for what is no month', async () => {
    for (const month of ['201105', '201010', '2011', 'x', '']) {
      await browser.visit(`/mypage/usage/050?contract=${user.code}&month=${month}`);
      expect(browser.status).toBe(404);
    }
  });

  it('answers 404 for another’s contract, for none, and for one without the service', async () => {
    const stranger = await createMyPageUser(['05099990001']);
    const addresses = [
      '/mypage/usage/050',
      '/mypage/usage/hikari',
      '/mypage/usage/mobile',
      '/mypage/usage/internet',
    ];
    for (const address of [...addresses, '/mypage/usage/payon', '/mypage/usage'])
      for (const code of [stranger.code, 'N999999999']) {
        await browser.visit(`${address}?contract=${code}`);
        expect(browser.status).toBe(404);
      }
    await browser.visit(`/mypage/usage/hikari?contract=${user.code}`);
    expect(browser.status).toBe(404);
    await browser.visit(`/mypage/usage/050?contract=${user.code}&contract=${user.code}`);
    expect(browser.status).toBe(404);
  });

  it('pages the numbers', async () => {
    const many = await createMyPageUser(Array.from({ length: 11 }, (_, index) => `050555500${index + 10}`));
    const reader = await openVerifiedBrowser(app, many);
    await reader.visit(`/mypage/usage/050?contract=${many.code}&month=201103`);
    await reader.follow('次へ');
    expect(reader.$('option[selected]').text()).toBe(`${many.code}2011年3月分`);
    expect(reader.main).toContain('ご利用明細(050-5555-0020)');
    expect(reader.main).not.toContain('050-5555-0019');
  });
});

describe('GET /mypage/usage/050/:contract/:month/:numberId/:row', () => {
  it('lists the calls of a row, and of both directions in order of time', async () => {
    await browser.visit('/mypage/usage/050');
    await browser.follow('050-1234-0001 着割対象通話');
    expect(browser.heading).toBe('050IP電話利用明細(着割対象通話)');
    expect(browser.rows).toEqual([
      ['1', '着信', '04/05(火)11時00分00.0秒', '03-1234-5678', '東京', '国内呼', '0時間02分59.9秒', '0.00円'],
    ]);

    await browser.follow('050IP電話利用明細へ戻る');
    await browser.follow('050-1234-0001 発信・着信の通話一覧');
    expect(browser.rows.map((row) => [row[1], row[2], row[6]])).toEqual([
      ['発信', '04/05(火)10時00分00.0秒', '0時間01分01.5秒'],
      ['着信', '04/05(火)11時00分00.0秒', '0時間02分59.9秒'],
      ['発信', '04/05(火)12時00分00.0秒', '1件'],
    ]);

    await browser.follow('050IP電話利用明細へ戻る');
    await browser.follow('050-1234-0001 一般通話');
    expect(browser.rows).toHaveLength(2);
    expect(browser.$('.fact-sum dd').text()).toBe('68.50円');
  });

  it('pages both directions without losing or repeating a call', async () => {
    const busy = await createMyPageUser(['05077770001']);
    await storeCalls(
      busy.contractId,
      Array.from({ length: 25 }, (_, index) => ({
        from: '05077770001',
        at: new Date(
          Date.parse('2011-04-10T09:00:00+09:00') + Math.floor(index / 4) * 6 * 3_600_000,
        ).toISOString(),
        duration: (index + 1) * 10,
        incoming: index % 3 === 0,
      })),
    );
    const reader = await openVerifiedBrowser(app, busy);
    await reader.visit('/mypage/usage/050');
    await reader.follow('050-7777-0001 発信・着信の通話一覧');
    const seen = [...reader.rows];
    for (const page of [2, 3]) {
      await reader.follow('次へ');
      expect(reader.path).toContain(`page=${page}`);
      seen.push(...reader.rows);
    }
    expect(seen.map((row) => row[6])).toEqual(
      Array.from({ length: 25 }, (_, index) => `0時間00分${String(index + 1).padStart(2, '0')}.0秒`),
    );
  });

  it('answers 404 for another’s contract or number, another service’s number, and no row', async () => {
    await browser.visit('/mypage/usage/050');
    await browser.follow('050-1234-0001 合計');
    const list = browser.path;
    expect(browser.status).toBe(200);
    for (const wrong of [
      list.replace('total', 'domestic'),
      list.replace('/050/', '/mobile/'),
      list.replace('201104', '201105'),
      list.replace(/\d+\/total/, '999999/total'),
      list.replace(/\d+\/total/, 'x/total'),
      list.replace(user.code, other.code),
    ]) {
      await browser.visit(wrong);
      expect(browser.status).toBe(404);
    }
    const stranger = await openVerifiedBrowser(app, await createMyPageUser(['05099990002']));
    await stranger.visit(list);
    expect(stranger.status).toBe(404);
  });
});

describe('GET /mypage/usage/internet and /payon', () => {
  beforeAll(async () => {
    const of = { contract_id: user.contractId, duration: null, bytes: null, merchant: null, amount: null };
    await saveUsage({
      ...of,
      source_id: 'i1',
      service: 'internet',
      used_at: Date.parse('2011-03-31T23:50:00+09:00') / 100,
      duration: 12_005,
      bytes: 1_234_567_890,
    });
    for (let day = 1; day <= 11; day += 1)
      await saveUsage({
        ...of,
        source_id: `p${day}`,
        service: 'payon',
        used_at: Date.parse(`2011-04-${String(day).padStart(2, '0')}T00:00:00+09:00`) / 100,
        merchant: '書店',
        amount: 10_050,
      });
  });

  it('lists the sessions that ended in the month', async () => {
    await browser.visit('/mypage/usage');
    await browser.follow('インターネット接続利用明細を表示');
    expect(browser.rows).toEqual([
      ['1', '03/31(木)23時50分00.0秒', '04/01(金)00時10分00.5秒', '0:20:00.5', '1.2GB'],
    ]);
    await browser.visit('/mypage/usage/internet?month=201103');
    expect(browser.main).toContain('該当するご利用はありません');
  });

  it('lists the payments with their sum, a page at a time', async () => {
    await browser.visit('/mypage/usage/payon');
    expect(browser.$('.fact-sum dd').text()).toBe('1,105.50円');
    expect(browser.rows[0]).toEqual(['1', '2011年04月01日', '書店', '100.50円']);
    await browser.follow('次へ');
    expect(browser.rows).toEqual([['11', '2011年04月11日', '書店', '100.50円']]);
  });
});

describe('the demonstration', () => {
  it('shows the guide’s table, with the true sum of its times', async () => {
    await loadDemo();
    const password = 'meisai-demo-2011';
    const demo = await openVerifiedBrowser(app, { ...user, login: 'demo@example.jp', password });
    await demo.visit('/mypage/usage/050?contract=N000000001&month=201104');

    expect(demo.rows.slice(0, 7)).toEqual([
      ['全番号合計', '通話', '一般通話', '1096', '28:49:53.5', '10,240'],
      ['国際通話', '600', '55:01:00.0', '96,870'],
      ['携帯通話', '330', '4:40:45.0', '7,680'],
      ['IP通話', '480', '10:27:15.0', '0'],
      ['PHS通話', '510', '10:55:30.0', '15,300'],
      ['合計', '3016', '109:54:23.5', '130,090'],
      ['着割', '着割対象通話', '3016', '39:07:43.0', '-1,174'],
    ]);
  });
});

describe('GET /mypage/usage/mobile', () => {
  const listMonths = () =>
    browser
      .$('#month option')
      .toArray()
      .map((option) => browser.$(option).text());

  it('shows a month from the 28th of the next one, and not before', async () => {
    setClock('2011-05-27T23:59:00+09:00');
    browser = await openBrowser();
    await browser.visit('/mypage/usage/mobile');
    expect(listMonths()[0]).toBe('2011年3月分');
    expect(browser.rows[2]).toEqual(['携帯通話', '1', '0:00:00.0', '3']);
    await browser.follow('090-1234-0001 合計');
    const april = browser.path.replace('201103', '201104');
    for (const address of [april, '/mypage/usage/mobile?month=201104', april.replace('/mobile/', '/050/')]) {
      await browser.visit(address);
      expect(browser.status).toBe(404);
    }

    setClock('2011-05-28T00:00:00+09:00');
    await browser.visit('/mypage/usage/mobile');
    expect(listMonths()[0]).toBe('2011年4月分');
    expect(browser.rows[2]).toEqual(['携帯通話', '2', '0:00:30.0', '23']);
    await browser.visit(april);
    expect(browser.rows.map((row) => [row[3], row[5], row[6]])).toEqual([
      ['03-1234-5678', '携帯呼', '0時間00分30.0秒'],
      ['090-9999-0000', 'SMS', '1件'],
    ]);
  });

  it('is not linked to where the only month that is shown is not there yet', async () => {
    const { USAGE_MONTHS } = config;
    try {
      Object.assign(config, { USAGE_MONTHS: 1 });
      setClock('2011-05-27T23:59:00+09:00');
      browser = await openBrowser();
      await browser.visit('/mypage/usage');
      expect(browser.$('a[href^="/mypage/usage/mobile"]')).toHaveLength(0);
      expect(browser.main).toContain('ご確認いただけるご利用月はまだありません。');

      setClock('2011-05-28T00:00:00+09:00');
      await browser.visit('/mypage/usage');
      await browser.follow('モバイル利用明細を表示');
      expect(listMonths()).toEqual(['2011年4月分']);
    } finally {
      Object.assign(config, { USAGE_MONTHS });
    }
  });

  it('has no incoming-call discount', async () => {
    await browser.visit('/mypage/usage/mobile');
    expect(browser.main).not.toContain('着割');
  });
});
