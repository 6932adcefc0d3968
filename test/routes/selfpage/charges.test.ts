import { createApp } from '../../../app';
import { db } from '../../../lib/database/db';
import { publishMonth } from '../../../models/call/published-month';
import type { Browser } from '../../support/browser';
import { storeCalls, type TestCall } from '../../support/calls';
import { createSelfPageUser, openSelfPageBrowser, type TestSelfPageUser } from '../../support/users';
import { setClock, closeTestPortal, openTestPortal } from '../../support/portal';

const app = createApp();
const NUMBER = '05012345678';

let customer: TestSelfPageUser;
let browser: Browser;

const buildCall = (at: string, more: Partial<TestCall> = {}): TestCall => ({ from: NUMBER, at, ...more });

beforeAll(async () => {
  await openTestPortal();
  setClock('2017-12-05T13:20:00+09:00');
  customer = await createSelfPageUser([NUMBER, '0120123456']);
  await storeCalls(customer.contractId, [
    ...Array.from({ length: 7 }, (_, day) => buildCall(`2017-11-0${day + 1}T20:12:21.5+09:00`)),
    buildCall('2017-11-10T10:00:00+09:00', { type: 'mobile_au', charge: 100_000 }),
    buildCall('2017-11-11T10:00:00+09:00', { type: 'phs', charge: 87_250, to: '07012345678' }),
    buildCall('2017-11-12T10:00:00+09:00', { incoming: true, charge: 0 }),
    buildCall('2017-10-12T10:00:00+09:00', { type: 'international', to: '8613812345678', charge: 3099 }),
    // Ends after midnight, and so in November
    buildCall('2017-10-31T23:59:30+09:00', { duration: 301, charge: 0 }),
    // Ends at midnight, and so in October
    buildCall('2017-10-31T23:59:30+09:00', { duration: 300, charge: 50 }),
  ]);
  browser = await openSelfPageBrowser(app, customer);
});
afterAll(closeTestPortal);

describe('GET /selfpage/charges', () => {
  it('shows the past four months, the previous one first, in whole yen', async () => {
    await browser.visit('/selfpage/charges');

    expect(browser.heading).toBe('ご利用料金の確認');
    expect(browser.rows.map((row) => [...row.slice(0, 5), row[8]])).toEqual([
      ['2017年11月', '1,928円', '56円', '0円', '1,872円', '【11月01日~11月30日】 速報'],
      ['2017年10月', '31円', '0円', '30円', '0円', '【10月01日~10月31日】 速報'],
      ['2017年09月', '0円', '0円', '0円', '0円', '【09月01日~09月30日】 速報'],
      ['2017年08月', '0円', '0円', '0円', '0円', '【08月01日~08月31日】 速報'],
    ]);
    expect(browser.main).toContain('* 上記は、「IP電話サービス契約約款」に基づいた料金です');
    expect(browser.main).toContain('* 月をまたがって通話された場合は、翌月のご請求となります');
  });

  it('marks a month that has been published as final', async () => {
    await publishMonth(201710, 'test');
    await browser.visit('/selfpage/charges');
    expect(browser.rows.map((row) => row[8]?.slice(-2))).toEqual(['速報', '確定', '速報', '速報']);
    expect(browser.main).toContain('「速報」の月の料金は、「確定」となるまでに変わることがあります');
  });

  it('offers to show and to make, and telegrams only where there are some', async () => {
    const number = await db('phone_numbers').where({ number: NUMBER }).first<{ id: number }>();
    await db('telegrams').insert({
      source_id: 't-1',
      contract_id: customer.contractId,
      phone_number_id: number.id,
      billing_month: 201710,
      sent_on: '2017-10-05',
      recipient: '東京都千代田区 <山田>',
      kind: '慶弔',
      count: 2,
      charge: 123_400,
    });
    await browser.visit('/selfpage/charges');
    expect(browser.rows[0]?.slice(5, 8)).toEqual(['画面に表示 作成', '画面に表示 作成', '－']);
    expect(browser.rows[1]?.[7]).toBe('画面に表示');

    await browser.follow('2017年10月 電報明細 画面に表示');
    expect(browser.heading).toBe('電報明細の確認');
    expect(browser.rows).toEqual([
      ['1', '10月05日', '050-1234-5678', '東京都千代田区 <山田>', '慶弔', '2通', '1,234.00円'],
    ]);
  });

  it('shows no month before the contract began', async () => {
    const late = await openSelfPageBrowser(app, await createSelfPageUser([], { start_date: '2017-10-20' }));
    await late.visit('/selfpage/charges');
    expect(late.rows.map(([month]) => month)).toEqual(['2017年11月', '2017年10月']);

    const fresh = await openSelfPageBrowser(app, await createSelfPageUser([], { start_date: '2017-12-01' }));
    await fresh.visit('/selfpage/charges');
    expect(fresh.main).toContain('表示できるご利用月はまだありません');
  });

  it('turns the year at midnight in Japan', async () => {
    setClock('2017-12-31T23:59:00+09:00');
    const eve = await openSelfPageBrowser(app, customer);
    await eve.visit('/selfpage/charges');
    expect(eve.rows[0]?.[0]).toBe('2017年11月');

    setClock('2018-01-01T00:00:01+09:00');
    await eve.visit('/selfpage/charges');
    expect(eve.rows.map(([month]) => month)).toEqual([
      '2017年12月',
      '2017年11月',
      '2017年10月',
      '2017年09月',
    ]);
    setClock('2017-12-05T13:20:00+09:00');
    browser = await openSelfPageBrowser(app, customer);
  });
});

describe('GET /selfpage/charges/:month', () => {
  it('shows each number, with two decimals', async () => {
    await browser.visit('/selfpage/charges');
    await browser.follow('2017年11月 電話番号別ご利用料金 画面に表示');

    expect(browser.$('.facts').text()).toContain('2017年11月');
    expect(browser.rows).toEqual([
      ['0120-123-456', '0.00円', '0.00円', '表示', '0.00円', '表示', '0.00円', '表示'],
      ['050-1234-5678', '1,928.50円', '56.00円', '表示', '0.00円', '表示', '1,872.50円', '表示'],
    ]);
  });

  it('pages a thousand numbers, and leads a page past the end to the last', async () => {
    const numbers = Array.from({ length: 101 }, (_, index) => `0502222${String(index).padStart(4, '0')}`);
    const large = await openSelfPageBrowser(app, await createSelfPageUser(numbers));
    await large.visit('/selfpage/charges/201711?page=999');
    expect(large.rows).toHaveLength(1);
    expect(large.main).toContain('101～101件 / 全101件');
    expect(large.$('title').text()).toContain('ご利用料金の確認 電話番号別 11ページ目');

    await large.follow('前へ');
    expect(large.rows[0]?.[0]).toBe('050-2222-0090');
    await large.visit('/selfpage/charges/201711?page=-3');
    expect(large.rows[0]?.[0]).toBe('050-2222-0000');
  });

  it.each(['201707', '201712', '201713', '2017-11', 'x', '20171101'])('answers 404 for %s', async (month) => {
    await browser.visit(`/selfpage/charges/${month}`);
    expect(browser.status).toBe(404);
  });
});
