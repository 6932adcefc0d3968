import type { Express } from 'express';
import { createApp } from '../../../app';
import { closeDetailFileQueue } from '../../../jobs/detail-files/queue';
import { buildDetailFile } from '../../../models/detail-file/build';
import { type DetailFileWorker, startDetailFileWorker } from '../../../jobs/detail-files/worker';
import { moveClock } from '../../../lib/values/clock';
import { db } from '../../../lib/database/db';
import { listDetailFileParts, insertDetailFile } from '../../../models/detail-file/detail-file';
import { leaseDetailFile, failDetailFile } from '../../../models/detail-file/claim';
import { fileStore } from '../../../lib/files/file-store';
import type { Browser } from '../../support/browser';
import { deleteCalls, type TestCall, storeCalls } from '../../support/calls';
import { createSelfPageUser, openSelfPageBrowser, type TestSelfPageUser } from '../../support/users';
import { setClock, closeTestPortal, openTestPortal } from '../../support/portal';
import { readPart, buildRequestedFile } from '../../support/detail-files';
import { waitFor } from '../../support/eventually';

const MONTH = 201711;
const NUMBER = '05012345678';
const CALLS = '/selfpage/detail-files/calls/201711';
const FEES = '/selfpage/detail-files/fees/201711';

let app: Express;
let customer: TestSelfPageUser;
let browser: Browser;
let worker: DetailFileWorker | undefined;

beforeAll(async () => {
  await openTestPortal();
  app = createApp();
  customer = await createSelfPageUser([NUMBER], { code: 'd123456789' });
});
beforeEach(async () => {
  setClock('2017-12-05T13:20:00+09:00');
  browser = await openSelfPageBrowser(app, customer);
});
afterEach(async () => {
  await worker?.close(0);
  worker = undefined;
  await deleteCalls();
});
afterAll(async () => {
  await closeDetailFileQueue();
  await closeTestPortal();
});

const addCalls = (...calls: Partial<TestCall>[]) =>
  storeCalls(
    customer.contractId,
    calls.map((call, index) => ({ from: NUMBER, at: `2017-11-10T12:00:0${index}+09:00`, ...call })),
  );
const request = () => insertDetailFile(customer.contractId, MONTH, 'calls');
const buildFile = () => buildRequestedFile(customer.contractId, MONTH, 'calls');

it('leads from 作成 on the charges page to the file, and says ダウンロード there', async () => {
  await addCalls({});
  worker = startDetailFileWorker();
  await browser.visit('/selfpage/charges');
  await browser.follow('2017年11月 電話番号別ご利用料金 作成');
  expect(browser.heading).toBe('月別明細(ご利用料金)作成受付の確認');
  await browser.press('明細作成');
  expect(browser.heading).toBe('月別明細(ご利用料金)作成受付の完了');
  expect(browser.getHeader('refresh')).toBe(`1; url=${FEES}`);
  await waitFor(async () => {
    await browser.visit(FEES);
    expect(browser.main).toContain('明細が作成されております。');
  });
  expect(browser.getHeader('refresh')).toBe('');
  await browser.follow('明細ダウンロード');
  expect(browser.getHeader('content-disposition')).toContain('ryokin_d123456789_201711.csv');
  await browser.visit('/selfpage/charges');
  await browser.follow('2017年11月 電話番号別ご利用料金 ダウンロード');
  expect(browser.path).toBe(FEES);
});

describe('GET /selfpage/detail-files/:kind/:month/request', () => {
  it('leads on where the file is there already', async () => {
    await buildFile();
    await browser.visit(`${CALLS}/request`);
    expect(browser.path).toBe(CALLS);
  });

  it.each([
    '/selfpage/detail-files/calls/201707',
    '/selfpage/detail-files/calls/201712',
    '/selfpage/detail-files/all/201711',
  ])('answers 404 for %s', async (path) => {
    for (const page of ['', '/request', '/accepted', '/download?format=csv']) {
      await browser.visit(path + page);
      expect(browser.status).toBe(404);
    }
  });
});

describe('POST /selfpage/detail-files/:kind/:month/request', () => {
  it('says why a file that was asked for before is not there, since 作成 leads here', async () => {
    await buildFile();
    await addCalls({});
    await browser.visit(`${CALLS}/request`);
    expect(browser.main).toContain('明細の作成後に通話の記録が更新されたため、再度作成が必要です');

    await failDetailFile((await request()).id, 'disk_full');
    await browser.visit(`${CALLS}/request`);
    expect(browser.main).toContain('前回は、明細の作成中にエラーが発生しました');
  });

  it('makes one file for two presses and two sessions', async () => {
    const other = await openSelfPageBrowser(app, customer);
    for (const one of [browser, other]) await one.visit(`${CALLS}/request`);
    const send = (one: Browser) => one.send(`${CALLS}/request`, one.getFields('明細作成'));
    const answers = await Promise.all([send(browser), send(browser), send(other)]);
    expect(answers.map(({ headers }) => String(headers.location))).toEqual(
      Array(3).fill(`${CALLS}/accepted`),
    );
    expect(await db('detail_files')).toHaveLength(1);
  });
});

describe('GET /selfpage/detail-files/:kind/:month/accepted', () => {
  it('leads to the request where nothing was asked for', async () => {
    await browser.visit(`${CALLS}/accepted`);
    expect(browser.path).toBe(`${CALLS}/request`);
  });
});

describe('GET /selfpage/detail-files/:kind/:month', () => {
  it('leads to the request where nothing was asked for, and says why where a file has expired', async () => {
    await browser.visit(CALLS);
    expect(browser.path).toBe(`${CALLS}/request`);
    expect(browser.main).not.toContain('保存期間');
    await buildFile();
    moveClock(48 * 3_600_000);
    browser = await openSelfPageBrowser(app, customer);
    await browser.visit(CALLS);
    expect(browser.path).toBe(`${CALLS}/request`);
    expect(browser.main).toContain('保存期間(48時間)を経過したため、再度作成が必要です');
  });

  it('shows a waiting request, with those before it, and renews itself ever more slowly', async () => {
    await insertDetailFile(customer.contractId, MONTH, 'fees');
    await request();
    await browser.visit(CALLS);
    expect(browser.main).toContain('*** ただいま作成中です、しばらくお待ちください ***');
    expect(browser.main).toContain('お客さまの前に 1 件の受付があります。');
    expect(browser.getHeader('refresh')).toBe(`2; url=${CALLS}`);
    moveClock(30_000);
    expect((await browser.visit(CALLS)).getHeader('refresh')).toBe(`5; url=${CALLS}`);
    moveClock(60_000);
    expect((await browser.visit(CALLS)).getHeader('refresh')).toBe(`10; url=${CALLS}`);
    await browser.follow('自動更新を止める');
    expect(browser.getHeader('refresh')).toBe('');
    await browser.follow('画面を更新する(リロード)');
    expect(browser.getHeader('refresh')).toBe('');
    await browser.follow('自動更新を再開する');
    expect(browser.getHeader('refresh')).toContain('10; ');
  });

  it('shows a file that is being made', async () => {
    await leaseDetailFile((await request()).id);
    await browser.visit(CALLS);
    expect(browser.$('.status-making .steps .current').text()).toContain('作成');
  });

  it('shows a ready file, until when it is kept, and what it could not hold', async () => {
    await addCalls({ area: '𠮷野' }, { charge: 123_455 }, { charge: 1_234_550 });
    await buildFile();
    await browser.visit(CALLS);
    expect(browser.main).toContain('行数3行');
    expect(browser.main).toContain('保存期限2017年12月07日 13時20分まで');
    expect(browser.main).toContain('1文字あり、「〓」と記載しています');
    expect(browser.main).toContain('2件あり、小数点以下を四捨五入して記載しています');
    expect(browser.main).toContain('正確な合計より0.55円多くなっています');
    expect(browser.$('a[href$="format=utf8-zip"]')).toHaveLength(1);
  });

  it.each([
    ['disk_full', '時間をおいて、もう一度「明細作成」を押してください。'],
    ['too_large_amount', 'お問い合わせください'],
    ['unknown', 'お問い合わせください'],
  ] as const)('shows a failure (%s) and what can be done', async (failure, words) => {
    await failDetailFile((await request()).id, failure);
    await browser.visit(CALLS);
    expect(browser.main).toContain('*** 明細の作成中にエラーが発生しました ***');
    expect(browser.main).toContain(words);
    await browser.press('明細作成');
    expect(browser.heading).toBe('月別明細(通話明細)作成受付の完了');
  });

  it('says that calls have changed since, and offers to make the file anew', async () => {
    await buildFile();
    await addCalls({});
    await browser.visit(CALLS);
    expect(browser.main).toContain('通話の記録が更新されました');
    await browser.press('明細作成');
    await browser.follow('明細ダウンロード画面へ');
    expect(browser.main).toContain('ただいま作成中です');
  });
});

describe('GET /selfpage/detail-files/:kind/:month/download', () => {
  const download = (headers: Record<string, string> = {}, format = 'csv', method?: 'head') =>
    browser.download(`${CALLS}/download?format=${format}`, headers, method);

  it.each([
    ['csv', 'text/csv; charset=Shift_JIS', '.csv'],
    ['utf8', 'text/csv; charset=utf-8', '_utf8.csv'],
    ['csv-zip', 'application/zip', '.zip'],
    ['utf8-zip', 'application/zip', '_utf8.zip'],
  ] as const)('gives out the file as %s', async (format, type, ending) => {
    await addCalls({}, {});
    const bytes = await readPart(await buildFile(), format);
    const answer = await download({}, format);
    expect(answer.status).toBe(200);
    expect((answer.body as Buffer).equals(bytes)).toBe(true);
    const { headers } = answer;
    expect(headers['content-type']).toBe(type);
    expect(headers['content-length']).toBe(String(bytes.length));
    expect(headers['content-disposition']).toBe(
      `attachment; filename="tsuwameisai_d123456789_201711${ending}"; ` +
        `filename*=UTF-8''${encodeURIComponent('通話明細')}_d123456789_201711${ending}`,
    );
    expect(headers['accept-ranges']).toBe('bytes');
    expect(headers.etag).toMatch(/^"[0-9a-f]{64}"$/);
  });

  it('has the clock of Japan in its ZIP, and no zone besides, whatever the machine’s', async () => {
    await buildFile();
    const zip = (await download({}, 'csv-zip')).body as Buffer;
    const [time, date] = [zip.readUInt16LE(10), zip.readUInt16LE(12)];
    expect([time >> 11, (time >> 5) & 63]).toEqual([13, 20]);
    expect([1980 + (date >> 9), (date >> 5) & 15, date & 31]).toEqual([2017, 12, 5]);
    expect(zip.readUInt16LE(28)).toBe(0);
  });

  it('resumes, and answers conditions', async () => {
    await addCalls({}, {});
    const bytes = await readPart(await buildFile(), 'csv');
    const { etag = '' } = (await download()).headers;
    const part = await download({ Range: 'bytes=10-', 'If-Range': etag });
    expect(part.status).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes 10-${bytes.length - 1}/${bytes.length}`);
    expect((part.body as Buffer).equals(bytes.subarray(10))).toBe(true);
    expect((await download({ Range: 'bytes=-5' })).body).toEqual(bytes.subarray(-5));
    expect((await download({ Range: 'bytes=0-4', 'If-Range': '"another"' })).status).toBe(200);
    expect((await download({ Range: 'bytes=0-1,4-5' })).status).toBe(200);
    const beyond = await download({ Range: `bytes=${bytes.length}-` });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${bytes.length}`]);
    expect((await download({ 'If-None-Match': etag })).status).toBe(304);
    const head = await download({}, 'csv', 'head');
    expect([head.status, head.headers['content-length']]).toEqual([200, String(bytes.length)]);
  });

  it('shows an error as a page, not as a file, where the file cannot be read', async () => {
    const [csv] = await listDetailFileParts(await buildFile());
    await fileStore.remove(csv?.store_key ?? '');
    const { status, headers } = await download({ Range: 'bytes=0-4' });
    expect([status, headers['content-type']]).toEqual([500, 'text/html; charset=utf-8']);
    for (const name of ['content-disposition', 'content-range', 'accept-ranges', 'etag'])
      expect(headers).not.toHaveProperty(name);
  });

  it('keeps the file out of caches, except where an old Internet Explorer could then not save it', async () => {
    await buildFile();
    const old = 'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)';
    const readCacheControl = async (headers: Record<string, string>) => {
      const answer = await download(headers);
      expect(answer.headers.pragma).toBeUndefined();
      return answer.headers['cache-control'];
    };
    expect(await readCacheControl({})).toBe('private, no-store');
    expect(await readCacheControl({ 'User-Agent': old })).toBe('private, no-store');
    app.set('trust proxy', true);
    try {
      expect(await readCacheControl({ 'User-Agent': old, 'X-Forwarded-Proto': 'https' })).toBe('private');
      expect(
        await readCacheControl({ 'User-Agent': 'Trident/7.0; rv:11.0', 'X-Forwarded-Proto': 'https' }),
      ).toBe('private, no-store');
    } finally {
      app.set('trust proxy', false);
    }
  });

  it('writes each download into the audit log', async () => {
    await buildFile();
    await db('audit_events').where('event', 'download').delete();
    await download();
    await download({ Range: 'bytes=0-4' });
    const events = await db('audit_events')
      .where('event', 'download')
      .select<{ login: string; detail: string }[]>();
    expect(events.map(({ login }) => login)).toEqual([customer.login, customer.login]);
    expect(JSON.parse(events[0]?.detail ?? '')).toMatchObject({ kind: 'calls', month: MONTH, format: 'csv' });
  });

  it('answers 404 before the file is ready, for an unknown format, and for another customer', async () => {
    expect((await download()).status).toBe(404);
    const { id } = await request();
    expect((await download()).status).toBe(404);
    await buildDetailFile(id, () => undefined, new AbortController().signal);
    expect((await download()).status).toBe(200);
    expect((await download({}, 'pdf')).status).toBe(404);
    browser = await openSelfPageBrowser(app, await createSelfPageUser());
    expect((await download()).status).toBe(404);
  });

  it('leads to the request where the file has expired', async () => {
    await buildFile();
    moveClock(48 * 3_600_000);
    browser = await openSelfPageBrowser(app, customer);
    expect((await download()).headers.location).toBe(`${CALLS}/request`);
  });

  it('leads to the page that says why where calls have changed since', async () => {
    await buildFile();
    await addCalls({});
    expect((await download()).headers.location).toBe(CALLS);
  });
});
