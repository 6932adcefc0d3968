import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createApp } from '../../../app';
import { config } from '../../../config';
import { importTable } from '../../../jobs/import/tables/import-table';
import { invoicesImport } from '../../../jobs/import/tables/invoices';
import { Browser } from '../../support/browser';
import { setClock, closeTestPortal, openTestPortal } from '../../support/portal';
import { createMyPageUser, type TestMyPageUser, openVerifiedBrowser } from '../../support/users';

const app = createApp();
const HEADER =
  'invoice_number,customer_number,billing_month,due_date,payment_method,status,line,description,amount,tax_rate';

let user: TestMyPageUser;
let browser: Browser;

function importInvoices(lines: string[]) {
  const file = path.join(config.DATA_DIR, 'invoices.csv');
  writeFileSync(file, [HEADER, ...lines].join('\n'));
  return importTable(invoicesImport, file);
}

const buildLine = (number: string, month: string, rest: string, customer = user.customerNumber) =>
  `${number},${customer},${month},2011-05-31,口座振替,請求済み,${rest}`;

beforeAll(async () => {
  await openTestPortal();
  setClock('2011-05-09T10:00:00+09:00');
  user = await createMyPageUser();
  await importInvoices([
    buildLine('B201104', '201104', '1,050IP電話 通話料,130090.00,10'),
    buildLine('B201104', '201104', '2,着割,-1174,10'),
    buildLine('B201104', '201104', '3,情報誌,499.99,8'),
    buildLine('B201103', '2011-03', '1,基本料,280.5,10'),
  ]);
  browser = await openVerifiedBrowser(app, user);
});
afterAll(closeTestPortal);

describe('GET /mypage/bills', () => {
  it('lists the bills with their amounts, the latest month first', async () => {
    await browser.visit('/mypage/bills');

    expect(browser.$('h1').text()).toBe('料金・ご利用明細 (Billing details / Usage details)');
    expect(browser.$('h1 span').attr('lang')).toBe('en');
    expect(browser.$('.tabs .current').text()).toBe('請求情報一覧 Billing information list');
    expect(browser.rows).toEqual([
      ['2011年04月', 'B201104', '142,345.99円', '2011年05月31日', '口座振替', '請求済み'],
      ['2011年03月', 'B201103', '308.50円', '2011年05月31日', '口座振替', '請求済み'],
    ]);
  });

  it('says so where there are none', async () => {
    const other = await openVerifiedBrowser(app, await createMyPageUser());
    await other.visit('/mypage/bills');
    expect(other.main).toContain('該当する請求情報はありません');
    await other.visit('/mypage/bills/latest');
    expect(other.main).toContain('該当する請求情報はありません');
  });

  it('asks for the second factor first', async () => {
    const { login, password } = await createMyPageUser();
    const unverified = await new Browser(app).visit('/mypage/login');
    await unverified.press('ログイン', { loginId: login, password });
    for (const address of ['/mypage/bills', '/mypage/bills/B201104', '/mypage/bills/latest']) {
      await unverified.visit(address);
      expect(unverified.path).toBe('/mypage/verification');
    }
  });

  it('pages them', async () => {
    const many = await createMyPageUser();
    await importInvoices(
      Array.from({ length: 11 }, (_, index) =>
        buildLine(
          `M${index + 10}`,
          `2010${String(index + 1).padStart(2, '0')}`,
          '1,基本料,100,10',
          many.customerNumber,
        ),
      ),
    );
    const reader = await openVerifiedBrowser(app, many);
    await reader.visit('/mypage/bills');
    expect(reader.rows).toHaveLength(10);
    await reader.follow('次へ');
    expect(reader.rows.map((row) => row[0])).toEqual(['2010年01月']);
  });
});

describe('GET /mypage/bills/:number', () => {
  it('shows the lines, the subtotal, the tax by rate and the total, exact', async () => {
    await browser.visit('/mypage/bills');
    await browser.follow('B201104');

    expect(browser.$('h2').text()).toBe('請求情報照会(2011年4月分)');
    expect(browser.rows).toEqual([
      ['050IP電話 通話料', '10%', '130,090.00円'],
      ['着割', '10%', '-1,174.00円'],
      ['情報誌', '8%', '499.99円'],
      ['小計', '', '129,415.99円'],
      ['消費税10%(対象額 128,916.00円)', '10%', '12,891.00円'],
      ['消費税8%(対象額 499.99円)', '8%', '39.00円'],
      ['合計(税込)', '', '142,345.99円'],
    ]);
    expect(browser.$('.fact-sum dd').text()).toBe('142,345.99円');
  });

  it('shows the newest where no number is given, and the one that the form has chosen', async () => {
    await browser.visit('/mypage/bills/latest');
    expect(browser.$('h2').text()).toBe('請求情報照会(2011年4月分)');
    await browser.visit('/mypage/bills/latest?number=B201103');
    expect(browser.path).toBe('/mypage/bills/B201103');
    expect(browser.$('option[selected]').text()).toBe('2011年3月分 B201103');
  });

  it('chooses the one that is shown, also where there are too many to choose from', async () => {
    const old = await createMyPageUser();
    const bills = Array.from({ length: 61 }, (_, index) =>
      buildLine(`OLD${index + 1}`, String(200_001 + index * 100), '1,基本料,100,10', old.customerNumber),
    );
    await importInvoices(bills);
    const reader = await openVerifiedBrowser(app, old);
    await reader.visit('/mypage/bills?page=7');
    await reader.follow('OLD1');
    expect(reader.$('option')).toHaveLength(61);
    expect(reader.$('option[selected]').text()).toBe('2000年1月分 OLD1');
  });

  it('answers 404 for another customer’s bill and for none', async () => {
    const stranger = await openVerifiedBrowser(app, await createMyPageUser());
    for (const address of [
      '/mypage/bills/B201104',
      '/mypage/bills/latest?number=B201104',
      '/mypage/bills/B0',
      '/mypage/bills/B%00',
    ]) {
      await stranger.visit(address);
      expect(stranger.status).toBe(404);
    }
  });
});

describe('import of invoices', () => {
  it('refuses bad lines with their reasons, and brings the others in', async () => {
    const result = await importInvoices([
      buildLine('X1', '201104', '1,基本料,100.005,10'),
      buildLine('X1', '201113', '1,基本料,100,10'),
      buildLine('X1', '201104', '1,基本料,100,8.5'),
      buildLine('X1', '201104', '1,基本料,100,101'),
      buildLine('B201104', '201104', '1,他人,1,10', 'C999999999'),
      buildLine('X1', '201104', '1,基本料,100.5,10'),
    ]);
    expect(result).toMatchObject({ records: 6, saved: 1, rejected: 5 });
    await browser.visit('/mypage/bills/X1');
    expect(browser.$('.fact-sum dd').text()).toBe('110.50円');
    await browser.visit('/mypage/bills/B201104');
    expect(browser.rows).toHaveLength(7);
  });

  it('changes nothing when it is brought in again, and corrects a line of the same number', async () => {
    const buildBill = (amount: string) => [buildLine('X2', '201012', `1,基本料,${amount},10`)];
    await importInvoices(buildBill('100'));
    await importInvoices(buildBill('100'));
    await importInvoices(buildBill('200'));
    await browser.visit('/mypage/bills/X2');
    expect(browser.rows[0]).toEqual(['基本料', '10%', '200.00円']);
    expect(browser.rows).toHaveLength(4);
  });
});
