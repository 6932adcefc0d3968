import type { Express } from 'express';
import { startCodeWorker } from '../../../jobs/verification-codes/worker';
import { findContractByCode } from '../../../models/contract/contract';
import { db } from '../../../lib/database/db';
import { saveInvoiceLine } from '../../../models/billing/invoice';
import { Browser } from '../../support/browser';
import { newMember, verifiedBrowser } from '../../support/members';
import {
  askForCode,
  codeOnPage,
  memberBrowser,
  newContactMember,
  wrongCode,
} from '../../support/verification';
import { keepFileStates } from './file-states';
import { type Keep, keepLinked } from './page-state';

const demo = {
  login: 'demo@example.jp',
  password: 'meisai-demo-2011',
  customerNumber: '',
  contractId: 0,
  code: 'N000000001',
};

/** Every page of the my page, in every state. */
export async function keepMyPage(keep: Keep, app: Express): Promise<void> {
  keep('my: guide', await new Browser(app).visit('/mypage/guide'));
  const browser = await verifiedBrowser(app, demo);
  await keepLinked(keep, browser, '/mypage', '/mypage');
  const { id: contractId = 0 } = (await findContractByCode(demo.code)) ?? {};
  await keepFileStates(keep, browser, { contractId, folder: `/mypage/detail-files/${demo.code}` });
  await browser.visit('/mypage/nowhere');
  keep('my: no such page', browser);
  await keepPassword(keep, app);
  await keepSecondFactor(keep, app);
  await keepEmpty(keep, app);
  await keepLong(keep, app);
}

async function keepPassword(keep: Keep, app: Express): Promise<void> {
  const member = await newMember();
  const browser = await memberBrowser(app, member);
  await browser.visit('/mypage/password');
  await browser.press('OK', { current: 'x', new: 'short', again: 'y' });
  keep('my: password with errors', browser);
  const password = 'longer-than-common-9';
  await browser.press('OK', { current: member.password, new: password, again: password });
  keep('my: password to confirm', browser);
  await browser.press('OK');
  keep('my: password changed', browser);
}

async function keepSecondFactor(keep: Keep, app: Express): Promise<void> {
  const worker = startCodeWorker();
  const member = await newContactMember();
  const browser = await memberBrowser(app, member);
  await browser.visit('/mypage/usage');
  keep('my: contact number', browser);
  await browser.press('次へ', { number: '0312345678' });
  keep('my: wrong contact number', browser);
  await browser.press('次へ', { number: member.contactNumber });
  keep('my: method', browser);
  await browser.press('送信する', { method: 'pigeon' });
  keep('my: no method', browser);
  await askForCode(browser, member);
  const code = await codeOnPage(browser);
  keep('my: code', browser);
  await browser.press('再通知する');
  keep('my: code again too soon', browser);
  await browser.press('認証', { code: wrongCode(code) });
  keep('my: wrong code', browser);
  for (const state of ['queued', 'failed', 'delivered']) {
    await db('verification_codes').update({ state });
    await browser.visit('/mypage/verification/code');
    keep(`my: code ${state}`, browser);
  }
  await browser.press('認証', { code, trust: '1' });
  await browser.visit('/mypage/devices');
  keep('my: a trusted device', browser);
  await browser.press('登録を解除する');
  keep('my: no trusted device any more', browser);
  await worker.close();
  const fixed = await newContactMember('0312345678');
  const other = await memberBrowser(app, fixed);
  await other.visit('/mypage/verification');
  await other.press('次へ', { number: fixed.contactNumber });
  keep('my: method of a fixed line', other);
}

async function keepEmpty(keep: Keep, app: Express): Promise<void> {
  const browser = await verifiedBrowser(app, await newMember());
  for (const path of ['bills', 'bills/latest', 'usage', 'usage/050', 'devices']) {
    await browser.visit(`/mypage/${path}`);
    keep(`my: ${path}, empty`, browser);
  }
}

/** A bill in words longer than anybody has counted on, without a gap to break them at. */
async function keepLong(keep: Keep, app: Express): Promise<void> {
  const member = await newMember();
  const words = 'x'.repeat(150);
  const bill = { number: 'LONG', customer_number: member.customerNumber, billing_month: 201711 };
  await saveInvoiceLine(
    { ...bill, due_date: '2017-12-25', payment_method: words, status: words },
    { line: 1, description: words, amount: -10_055, tax_rate: 10 },
  );
  const browser = await verifiedBrowser(app, member);
  for (const path of ['', '/LONG']) {
    await browser.visit(`/mypage/bills${path}`);
    keep(`my: bills${path} in long words`, browser);
  }
}
