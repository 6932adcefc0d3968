import type { Express } from 'express';
import { startCodeWorker } from '../../../jobs/verification-codes/worker';
import { findContractByCode } from '../../../models/contract/contract';
import { db } from '../../../lib/database/db';
import { saveInvoiceLine } from '../../../models/billing/invoice';
import { Browser } from '../../support/browser';
import { createMyPageUser, openVerifiedBrowser, openMyPageBrowser } from '../../support/users';
import { requestCode, readCodeOnPage, createContactUser, getWrongCode } from '../../support/verification';
import { captureFileStates } from './file-states';
import { type Capture, captureLinked } from './page-state';

const demo = {
  login: 'demo@example.jp',
  password: 'meisai-demo-2011',
  customerNumber: '',
  contractId: 0,
  code: 'N000000001',
};

/** Every page of the my page, in every state. */
export async function captureMyPage(capture: Capture, app: Express): Promise<void> {
  capture('my: guide', await new Browser(app).visit('/mypage/guide'));
  const browser = await openVerifiedBrowser(app, demo);
  await captureLinked(capture, browser, '/mypage', '/mypage');
  const { id: contractId = 0 } = (await findContractByCode(demo.code)) ?? {};
  await captureFileStates(capture, browser, { contractId, folder: `/mypage/detail-files/${demo.code}` });
  await browser.visit('/mypage/nowhere');
  capture('my: no such page', browser);
  await capturePassword(capture, app);
  await captureSecondFactor(capture, app);
  await captureEmpty(capture, app);
  await captureLong(capture, app);
}

async function capturePassword(capture: Capture, app: Express): Promise<void> {
  const user = await createMyPageUser();
  const browser = await openVerifiedBrowser(app, user);
  await browser.visit('/mypage/password');
  await browser.press('OK', { current: 'x', new: 'short', again: 'y' });
  capture('my: password with errors', browser);
  const password = 'longer-than-common-9';
  await browser.press('OK', { current: user.password, new: password, again: password });
  capture('my: password to confirm', browser);
  await browser.press('OK');
  capture('my: password changed', browser);
}

async function captureSecondFactor(capture: Capture, app: Express): Promise<void> {
  const worker = startCodeWorker();
  const user = await createContactUser();
  const browser = await openMyPageBrowser(app, user);
  await browser.visit('/mypage/usage');
  capture('my: contact number', browser);
  await browser.press('次へ', { number: '0312345678' });
  capture('my: wrong contact number', browser);
  await browser.press('次へ', { number: user.contactNumber });
  capture('my: method', browser);
  await browser.press('送信する', { method: 'pigeon' });
  capture('my: no method', browser);
  await requestCode(browser, user);
  const code = await readCodeOnPage(browser);
  capture('my: code', browser);
  await browser.press('再通知する');
  capture('my: code again too soon', browser);
  await browser.press('認証', { code: getWrongCode(code) });
  capture('my: wrong code', browser);
  for (const state of ['queued', 'failed', 'delivered']) {
    await db('verification_codes').update({ state });
    await browser.visit('/mypage/verification/code');
    capture(`my: code ${state}`, browser);
  }
  await browser.press('認証', { code, trust: '1' });
  await browser.visit('/mypage/devices');
  capture('my: a trusted device', browser);
  await browser.press('登録を解除する');
  capture('my: no trusted device any more', browser);
  await worker.close();
  const fixed = await createContactUser('0312345678');
  const other = await openMyPageBrowser(app, fixed);
  await other.visit('/mypage/verification');
  await other.press('次へ', { number: fixed.contactNumber });
  capture('my: method of a fixed line', other);
}

async function captureEmpty(capture: Capture, app: Express): Promise<void> {
  const browser = await openVerifiedBrowser(app, await createMyPageUser());
  for (const path of ['bills', 'bills/latest', 'usage', 'usage/050', 'devices']) {
    await browser.visit(`/mypage/${path}`);
    capture(`my: ${path}, empty`, browser);
  }
}

/** A bill in words longer than anybody has counted on, without a gap to break them at. */
async function captureLong(capture: Capture, app: Express): Promise<void> {
  const user = await createMyPageUser();
  const words = 'x'.repeat(150);
  const bill = { number: 'LONG', customer_number: user.customerNumber, billing_month: 201711 };
  await saveInvoiceLine(
    { ...bill, due_date: '2017-12-25', payment_method: words, status: words },
    { line: 1, description: words, amount: -10_055, tax_rate: 10 },
  );
  const browser = await openVerifiedBrowser(app, user);
  for (const path of ['', '/LONG']) {
    await browser.visit(`/mypage/bills${path}`);
    capture(`my: bills${path} in long words`, browser);
  }
}
