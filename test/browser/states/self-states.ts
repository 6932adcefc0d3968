import type { Express } from 'express';
import { findContractByCode } from '../../../models/contract/contract';
import { type Browser } from '../../support/browser';
import { storeCalls } from '../../support/calls';
import { createSelfPageUser, openSelfPageBrowser, type TestSelfPageUser } from '../../support/users';
import { captureFileStates } from './file-states';
import { type Capture, captureLinked } from './page-state';

const demo = { code: 'd123456789', login: 'd123456789', password: 'demo2017', contractId: 0 };

/** Every page of the self page, in every state. */
export async function captureSelfPage(capture: Capture, app: Express): Promise<void> {
  const browser = await openSelfPageBrowser(app, demo);
  const { id: contractId = 0 } = (await findContractByCode(demo.code)) ?? {};
  await captureLinked(capture, browser, '/selfpage/contract', '/selfpage/');
  await capturePassword(capture, browser);
  await captureFileStates(capture, browser, { contractId, folder: '/selfpage/detail-files' });
  await browser.visit('/selfpage/charges');
  capture('self: charges with files', browser);
  await browser.visit('/selfpage/nowhere');
  capture('self: no such page', browser);
  await browser.post('/selfpage/detail-files/calls/201711/request', {});
  capture('self: old form', browser);
  await captureLarge(capture, app);
  await captureEmpty(capture, app);
  await captureLong(capture, app);
}

async function capturePassword(capture: Capture, browser: Browser): Promise<void> {
  await browser.visit('/selfpage/password');
  await browser.press('OK', { current: 'wrong', new: 'short', again: 'other' });
  capture('self: password with errors', browser);
  await browser.press('OK', { current: demo.password, new: 'sample99', again: 'sample99' });
  capture('self: password to confirm', browser);
  await browser.press('OK');
  capture('self: password changed', browser);
}

/** Enough numbers for several pages of them. */
async function captureLarge(capture: Capture, app: Express): Promise<void> {
  const numbers = Array.from({ length: 95 }, (_, index) => `0501111${1000 + index}`);
  const browser = await openSelfPageBrowser(app, await createSelfPageUser([...numbers, '0120111222']));
  await browser.visit('/selfpage/contract/phone-numbers?page=4');
  capture('self: many numbers', browser);
  await browser.visit('/selfpage/charges/201711?page=4');
  capture('self: charges of many numbers', browser);
}

async function captureEmpty(capture: Capture, app: Express): Promise<void> {
  const customer: TestSelfPageUser = await createSelfPageUser([], { options: '', start_date: '2017-12-01' });
  const browser = await openSelfPageBrowser(app, customer);
  for (const path of ['contract', 'contract/phone-numbers', 'contract/free-call-numbers', 'charges']) {
    await browser.visit(`/selfpage/${path}`);
    capture(`self: ${path}, empty`, browser);
  }
  const quiet = await openSelfPageBrowser(app, await createSelfPageUser(['05033334444']));
  for (const path of ['charges', 'charges/201711', 'calls/201711', 'telegrams/201711']) {
    await quiet.visit(`/selfpage/${path}`);
    capture(`self: ${path}, without calls`, quiet);
  }
}

/** Words longer than anybody has counted on, without a gap to break them at. */
async function captureLong(capture: Capture, app: Express): Promise<void> {
  const from = '05055556666';
  const customer = await createSelfPageUser([from], {
    connection_type: 'あ'.repeat(120),
    primary_dns: 'x'.repeat(90),
  });
  const browser = await openSelfPageBrowser(app, customer);
  await browser.visit('/selfpage/contract');
  capture('self: contract in long words', browser);
  const at = '2017-11-10T12:00:00+09:00';
  await storeCalls(customer.contractId, [
    { from, at, area: 'あ'.repeat(40) },
    { from, at, area: 'x'.repeat(60), to: '8613800138000', type: 'international', charge: 1_234_550 },
  ]);
  await browser.visit('/selfpage/calls/201711');
  capture('self: calls with long areas', browser);
}
