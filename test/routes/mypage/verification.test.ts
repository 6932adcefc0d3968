import { userInfo } from 'node:os';
import type { Express } from 'express';
import { closeCodeQueue } from '../../../jobs/verification-codes/queue';
import { type CodeWorker, startCodeWorker } from '../../../jobs/verification-codes/worker';
import { listAuditEvents } from '../../../models/sign-in/audit';
import { db } from '../../../lib/database/db';
import type { VerificationCode } from '../../../models/verification/code';
import { Browser } from '../../support/browser';
import { runCommand } from '../../support/command';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import {
  requestCode,
  readCodeOnPage,
  type TestContactUser,
  clearLimits,
  createContactUser,
  passTime,
  verify,
  getWrongCode,
  watchCookies,
} from '../../support/verification';
import { openMyPageBrowser } from '../../support/users';
import { signalRedis } from '../../support/redis-process';
import { waitFor } from '../../support/eventually';

const MINUTE = 60_000;

let app: Express;
let worker: CodeWorker;
/** The session cookies that were sent, the newest last. */
let cookies: string[];

beforeAll(async () => {
  await openTestPortal();
  ({ app, cookies } = watchCookies());
  worker = startCodeWorker();
});
afterAll(async () => {
  await worker.close();
  await closeCodeQueue();
  await closeTestPortal();
});

const listCodes = ({ loginId }: TestContactUser) =>
  db<VerificationCode>('verification_codes').where({ login_id: loginId }).orderBy('id');

describe('the whole way', () => {
  it('leads from the menu to the page that was asked for', async () => {
    const member = await createContactUser('09011112222');
    const browser = await openMyPageBrowser(app, member);
    await browser.visit('/mypage/usage');
    expect(browser.path).toBe('/mypage/verification');
    expect(browser.heading).toBe('契約情報の確認');
    expect(browser.$('.steps .current').text()).toContain('確認内容入力');

    await browser.press('次へ', { number: ' ＋81 90−１１１１−2222 ' });
    expect(browser.path).toBe('/mypage/verification/method');
    expect(browser.heading).toBe('ご連絡方法の選択');
    expect(browser.main).toContain(`お客さま番号${member.customerNumber}`);
    expect(browser.main).toContain('ご連絡先電話番号＋81 90−１１１１−2222');
    expect(browser.main).toContain('SMS(ショートメッセージサービス)');
    expect(browser.main).toContain('電話音声通知');

    await browser.press('送信する', { method: 'sms' });
    expect(browser.path).toBe('/mypage/verification/code');
    expect(browser.heading).toBe('認証番号の入力');
    expect(browser.main).toContain('連絡先電話番号：090-1111-2222');
    expect(browser.$('#code').attr('placeholder')).toBe('6桁半角数字');

    const code = await readCodeOnPage(browser);
    expect(browser.main).toContain('送信しました');
    const fullWidth = code.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    await browser.press('認証', { code: fullWidth });
    expect(browser.path).toBe('/mypage/usage');
  });

  it('goes on when Redis is killed and started again between send and check', async () => {
    const browser = await openMyPageBrowser(app, await createContactUser('09011113333'));
    await browser.visit('/mypage/verification');
    await browser.press('次へ', { number: '090-1111-3333' });
    await browser.press('送信する', { method: 'sms' });
    const code = await readCodeOnPage(browser);

    await signalRedis('SIGKILL');
    await waitFor(async () => {
      await browser.visit('/mypage/verification/code');
      expect(browser.heading).toBe('認証番号の入力');
    });
    await browser.press('認証', { code });
    expect(browser.path).toBe('/mypage/usage');
  });

  it('holds for the session and not for the next one', async () => {
    const member = await createContactUser();
    const browser = await verify(app, member);
    await browser.visit('/mypage/verification/code');
    expect(browser.path).toBe('/mypage/usage');
    const next = await openMyPageBrowser(app, member);
    await next.visit('/mypage/usage');
    expect(next.path).toBe('/mypage/verification');
  });

  it('changes the session id', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    const code = await readCodeOnPage(browser);
    cookies.length = 0;
    await browser.press('認証', { code });
    expect(cookies.filter((cookie) => cookie.startsWith('meisai='))).toHaveLength(1);
  });

  it('is given by a double click', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    const fields = { ...browser.getFields('認証'), code: await readCodeOnPage(browser) };
    const action = browser.path;
    await browser.post(action, fields);
    await browser.post(action, fields);
    expect([browser.status, browser.path]).toEqual([200, '/mypage/usage']);
  });

  it('leads back to an address with capital letters, and to none of its own steps', async () => {
    const ways = [
      ['/MyPage/bills', '/MyPage/bills'],
      ['/mypage/Verification/nothing', '/mypage/usage'],
    ] as const;
    for (const [asked, led] of ways) {
      const member = await createContactUser();
      const browser = await (await openMyPageBrowser(app, member)).visit(asked);
      await requestCode(browser, member);
      await browser.press('認証', { code: await readCodeOnPage(browser) });
      expect(browser.path).toBe(led);
    }
  });

  it('sends nobody anywhere but into the my page', async () => {
    const browser = await openMyPageBrowser(app, await createContactUser());
    await browser.visit('/mypage//evil.example/');
    expect(browser.path).toBe('/mypage/verification');
  });
});

describe('a step out of order', () => {
  it('leads to the step that is right now', async () => {
    const member = await createContactUser();
    const browser = await openMyPageBrowser(app, member);
    for (const step of ['/method', '/code']) {
      await browser.visit(`/mypage/verification${step}`);
      expect(browser.path).toBe('/mypage/verification');
    }
    const { _csrf = '' } = browser.getFields('次へ');
    await browser.post('/mypage/verification/code', { _csrf, code: '123456' });
    expect(browser.path).toBe('/mypage/verification');
    await browser.post('/mypage/verification/method', { _csrf, method: 'sms' });
    expect(browser.path).toBe('/mypage/verification');

    await browser.press('次へ', { number: member.contactNumber });
    await browser.visit('/mypage/verification/code');
    expect(browser.path).toBe('/mypage/verification/method');
    expect(await listCodes(member)).toHaveLength(0);
  });

  it('goes back by 戻る', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    await browser.follow('戻る');
    expect(browser.heading).toBe('ご連絡方法の選択');
    await browser.follow('戻る');
    expect(browser.heading).toBe('契約情報の確認');
    expect(browser.html).not.toContain(member.contactNumber);
    await browser.follow('戻る');
    expect(browser.path).toBe('/mypage');
  });

  it('asks again when the operator has changed the number', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    await db('logins').where({ id: member.loginId }).update({ contact_number: '09099999999' });
    await browser.visit('/mypage/verification/code');
    expect(browser.path).toBe('/mypage/verification');
  });
});

describe('POST /mypage/verification', () => {
  it('tells what is wrong, and never the number', async () => {
    const member = await createContactUser();
    const browser = await (await openMyPageBrowser(app, member)).visit('/mypage/verification');
    const { _csrf = '' } = browser.getFields('次へ');
    const twice = ['0312345678', '0312345678'];
    for (const fields of [{ _csrf, number: '' }, { _csrf }, { _csrf, number: twice }]) {
      await browser.post('/mypage/verification', fields as Record<string, string | string[]>);
      expect(browser.status).toBe(422);
      expect(browser.$('#number-error').text()).toBe('連絡先電話番号を入力してください');
    }
    await browser.press('次へ', { number: '0312345678' });
    expect(browser.status).toBe(422);
    expect(browser.main).toContain('ご登録の連絡先電話番号と一致しません');
    expect(browser.$('#number').attr('value')).toBe('0312345678');
    expect(browser.html).not.toContain(member.contactNumber);
  });

  it('locks for 30 minutes after five wrong numbers, even when Redis forgets', async () => {
    const member = await createContactUser();
    let browser = await (await openMyPageBrowser(app, member)).visit('/mypage/verification');
    for (let i = 0; i < 5; i += 1) {
      await browser.press('次へ', { number: `031234567${i}` });
      expect(browser.status).toBe(422);
    }
    await browser.press('次へ', { number: member.contactNumber });
    expect(browser.status).toBe(429);
    expect(browser.main).toContain('約30分後に');
    expect(Number(browser.getHeader('retry-after'))).toBeGreaterThan(1700);
    await clearLimits();
    await passTime(29 * MINUTE);
    await browser.press('次へ', { number: member.contactNumber });
    expect(browser.status).toBe(429);
    await passTime(MINUTE);
    browser = await (await openMyPageBrowser(app, member)).visit('/mypage/verification');
    await browser.press('次へ', { number: member.contactNumber });
    expect(browser.path).toBe('/mypage/verification/method');
  });

  it('is unlocked by the operator', async () => {
    const member = await createContactUser();
    const browser = await (await openMyPageBrowser(app, member)).visit('/mypage/verification');
    for (let i = 0; i < 6; i += 1) await browser.press('次へ', { number: '0312345678' });
    expect(browser.status).toBe(429);
    expect(await runCommand('account', 'unlock', member.login)).toMatchObject({ status: 0 });
    await browser.press('次へ', { number: member.contactNumber });
    expect(browser.path).toBe('/mypage/verification/method');
    const [unlocked] = await listAuditEvents(1, member.login);
    expect([unlocked?.event, unlocked?.detail.operator]).toEqual(['contact_unlocked', userInfo().username]);
  });

  it('counts tries that come at the same time', async () => {
    const member = await createContactUser();
    const browser = await (await openMyPageBrowser(app, member)).visit('/mypage/verification');
    const fields = browser.getFields('次へ');
    await Promise.all(
      Array.from({ length: 12 }, () =>
        browser.post('/mypage/verification', { ...fields, number: '0312345678' }),
      ),
    );
    const events = await listAuditEvents(100, member.login);
    expect(events.filter(({ event }) => event.startsWith('contact_'))).toHaveLength(5);
  });
});

describe('POST /mypage/verification/method', () => {
  it('offers a call only where a number takes no SMS, and refuses SMS', async () => {
    const member = await createContactUser('0312345678');
    const browser = await (await openMyPageBrowser(app, member)).visit('/mypage/verification');
    await browser.press('次へ', { number: '03-1234-5678' });
    expect(browser.main).not.toContain('SMS(ショートメッセージサービス)');
    const fields = browser.getFields('送信する');
    expect(fields.method).toBe('voice');
    await browser.press('送信する', { method: 'sms' });
    expect(browser.status).toBe(422);
    expect(browser.main).toContain('ご連絡方法を選択してください');
    expect(await listCodes(member)).toHaveLength(0);
    await browser.press('送信する');
    expect(browser.path).toBe('/mypage/verification/code');
    expect((await listCodes(member))[0]?.method).toBe('voice');
  });

  it('asks for a choice', async () => {
    const member = await createContactUser();
    const browser = await (await openMyPageBrowser(app, member)).visit('/mypage/verification');
    await browser.press('次へ', { number: member.contactNumber });
    await browser.press('送信する');
    expect(browser.status).toBe(422);
    expect(browser.main).toContain('ご連絡方法を選択してください');
  });

  it('sends once for a double click', async () => {
    const member = await createContactUser();
    const browser = await (await openMyPageBrowser(app, member)).visit('/mypage/verification');
    await browser.press('次へ', { number: member.contactNumber });
    const fields = { ...browser.getFields('送信する'), method: 'sms' };
    const press = () => browser.post('/mypage/verification/method', fields);
    await Promise.all([press(), press()]);
    expect(browser.path).toBe('/mypage/verification/code');
    await press();
    expect(browser.path).toBe('/mypage/verification/code');
    expect(await listCodes(member)).toHaveLength(1);
  });
});

describe('POST /mypage/verification/code/resend', () => {
  it('waits 30 seconds, and sends a code in place of the one before', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    const first = await readCodeOnPage(browser);
    await passTime(20_000);
    await browser.press('再通知する');
    expect(browser.status).toBe(429);
    expect(browser.main).toMatch(/認証番号は続けて送信できません。\d+秒後に、もう一度お試しください/);
    expect(Number(browser.getHeader('retry-after'))).toBeLessThanOrEqual(10);
    expect(await listCodes(member)).toHaveLength(1);

    await passTime(10_000);
    await browser.visit(browser.path);
    expect([browser.status, browser.path]).toEqual([200, '/mypage/verification/code']);
    await browser.press('再通知する');
    expect(browser.status).toBe(200);
    expect(await listCodes(member)).toHaveLength(2);
    const second = await readCodeOnPage(browser);
    // The two may be alike, once in a million.
    await browser.press('認証', { code: first === second ? getWrongCode(second) : first });
    expect(browser.main).toContain('認証番号が正しくありません(あと4回入力できます)');
    await browser.press('認証', { code: second });
    expect(browser.path).toBe('/mypage/usage');
  });
});

describe('POST /mypage/verification/code', () => {
  it('asks for six digits without counting a try', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    for (const code of ['', '12345', '1234567', 'abcdef']) {
      await browser.press('認証', { code });
      expect(browser.status).toBe(422);
      expect(browser.main).toContain('認証番号は6桁の数字で入力してください');
    }
    expect((await listCodes(member))[0]?.tries).toBe(0);
  });

  it('takes digits as they are copied or typed: in full width, parted, with marks that nobody sees', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    const digits = await readCodeOnPage(browser);
    const wide = digits.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
    await browser.press('認証', { code: `\u202a${wide.slice(0, 3)} ${wide.slice(3)}\u202c` });
    expect(browser.path).toBe('/mypage/usage');
  });

  it('keeps the box ticked beside a wrong code', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    expect(browser.$('#trust').is(':checked')).toBe(false);
    for (const code of ['12345', getWrongCode(await readCodeOnPage(browser))]) {
      await browser.press('認証', { code, trust: '1' });
      expect(browser.status).toBe(422);
      expect(browser.$('#trust').is(':checked')).toBe(true);
    }
  });

  it('voids the code after five wrong tries', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    const code = await readCodeOnPage(browser);
    for (let left = 4; left > 0; left -= 1) {
      await browser.press('認証', { code: getWrongCode(code) });
      expect(browser.status).toBe(422);
      expect(browser.main).toContain(`認証番号が正しくありません(あと${left}回入力できます)`);
      expect(browser.html).not.toContain(getWrongCode(code));
    }
    await browser.press('認証', { code: getWrongCode(code) });
    expect(browser.main).toContain('「再通知する」を押してください');
    await browser.press('認証', { code });
    expect(browser.status).toBe(422);
    expect(browser.path).toBe('/mypage/verification/code');
    const events = await listAuditEvents(6, member.login);
    expect(events.map(({ detail }) => detail)).toEqual([
      { word: 'void' },
      ...[0, 1, 2, 3, 4].map((left) => ({ word: 'wrong', left })),
    ]);
  });

  it('takes a code for 30 minutes', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    const code = await readCodeOnPage(browser);
    await passTime(29 * MINUTE);
    await browser.visit('/mypage/verification/code');
    await passTime(MINUTE);
    await browser.press('認証', { code });
    expect(browser.status).toBe(422);
    expect(browser.main).toContain('認証番号の有効時間が過ぎました。「再通知する」を押してください');
  });

  it('takes it in the last minute', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    const code = await readCodeOnPage(browser);
    await passTime(29 * MINUTE);
    await browser.press('認証', { code });
    expect(browser.path).toBe('/mypage/usage');
  });

  it('refuses the code of another session and of another account', async () => {
    const member = await createContactUser();
    const first = await requestCode(await openMyPageBrowser(app, member), member);
    const code = await readCodeOnPage(first);
    const second = await openMyPageBrowser(app, member);
    await second.visit('/mypage/verification');
    await second.press('次へ', { number: member.contactNumber });
    await second.post('/mypage/verification/code', { ...second.getFields('送信する'), code });
    expect(second.path).toBe('/mypage/verification/method');

    const other = await createContactUser();
    const stranger = await requestCode(await openMyPageBrowser(app, other), other);
    const own = await readCodeOnPage(stranger);
    await stranger.press('認証', { code: own === code ? getWrongCode(own) : code });
    expect(stranger.status).toBe(422);
    await first.press('認証', { code });
    expect(first.path).toBe('/mypage/usage');
  });

  it('lets one of two right codes pass that come at the same instant', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    const code = await readCodeOnPage(browser);
    const fields = { ...browser.getFields('認証'), code };
    await Promise.allSettled([
      browser.post('/mypage/verification/code', fields),
      browser.post('/mypage/verification/code', fields),
    ]);
    const events = await listAuditEvents(100, member.login);
    expect(events.filter(({ event }) => event === 'verified')).toHaveLength(1);
  });

  it('keeps neither the digits nor the session id in the database', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    const code = await readCodeOnPage(browser);
    const [row] = await listCodes(member);
    expect(row?.code_hash).toMatch(/^\$argon2id\$/);
    expect(row?.sealed_code).toBeNull();
    expect(Object.values(row ?? {}).map(String)).not.toContain(code);
  });
});

describe('the delivery on the page', () => {
  it('says that it failed, and what to do', async () => {
    const member = await createContactUser();
    const browser = await requestCode(await openMyPageBrowser(app, member), member);
    await readCodeOnPage(browser);
    await db('verification_codes').where({ login_id: member.loginId }).update({ state: 'failed' });
    await browser.visit('/mypage/verification/code');
    expect(browser.main).toContain('送信できませんでした。別の方法をお選びください');
    await browser.visit('/mypage/verification/code/delivery');
    expect(JSON.parse(browser.html)).toMatchObject({ isOver: true, tag: 'tag-must' });
  });
});

it('needs a login first', async () => {
  const browser = await new Browser(app).visit('/mypage/verification');
  expect(browser.path).toBe('/mypage/login');
});
