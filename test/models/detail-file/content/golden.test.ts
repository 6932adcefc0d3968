import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../../config';
import { db } from '../../../../lib/database/db';
import type { DetailFileKind } from '../../../../models/detail-file/detail-file';
import { deleteCalls, type TestCall, storeCalls } from '../../../support/calls';
import { createSelfPageUser, type TestSelfPageUser } from '../../../support/users';
import { closeTestPortal, openTestPortal } from '../../../support/portal';
import { readPart, buildRequestedFile } from '../../../support/detail-files';
import { GUIDE_MONTH, guideMonth } from '../../../support/guide-month';

const NUMBERS = ['05012345678', '0120222333', '05087654321'];
const MONTH = GUIDE_MONTH;
const from = '05012345678';
const toMayTime = (day: string, time: string) => `2015-05-${day}T${time}+09:00`;

const golden: Record<string, { calls: TestCall[]; kind?: DetailFileKind }> = {
  'guide-month': { calls: guideMonth },
  'guide-month-fees': { calls: guideMonth, kind: 'fees' },
  'empty-month': { calls: [] },
  'empty-month-fees': { calls: [], kind: 'fees' },
  texts: {
    calls: [
      '東京都千代田区丸の内一丁目', // 20 bytes end after 内
      'A東京都千代田区丸の内一丁目', // in the middle of the next character
      '𠮷野家とé', // 〓〓
      '東京−大阪〜神戸‖—¢£¬', // as Windows maps them
      '¢£¬',
      '～－∥①㈱髙ｱ', // as they are
      'Bahamas, "The"',
      '二行\n目',
      '=SUM(A1)',
      '+81',
      '-1+1',
      '@x',
      '\tx',
      '\rx',
      '右の空白  ',
      'A234567890123456789  B', // a space before the cut
      `'=1`,
    ].map((area, index) => ({ from, at: toMayTime('02', `10:00:${10 + index}.0`), area })),
  },
  amounts: {
    calls: [
      0, 1, 50, 800, 93_625, 99_999, 100_000, 123_450, 123_455, 999_994, 999_995, 1_234_550, 99_999_949,
      -9999, -10_000,
    ].map((charge, index) => ({ from, at: toMayTime('03', `10:00:${10 + index}.0`), charge })),
  },
  calls: {
    calls: [
      // Into the month; exactly to the end of the month before; exactly to the end of this month; into the next.
      { from, at: '2015-04-30T23:59:50.0+09:00', duration: 101 },
      { from, at: '2015-04-30T23:59:50.0+09:00', duration: 100, charge: 12_345 },
      { from, at: toMayTime('31', '23:59:50.0'), duration: 100 },
      { from, at: toMayTime('31', '23:59:50.0'), duration: 101, charge: 12_345 },
      {
        from,
        at: toMayTime('10', '12:00:00.0'),
        to: '104',
        area: '番号案内',
        type: 'directory',
        duration: 9,
        charge: 6000,
      },
      { from, at: toMayTime('10', '12:00:00.1'), duration: 3_599_999 },
      {
        from,
        at: toMayTime('10', '12:00:00.2'),
        duration: 3_600_009,
        to: '12125550123',
        area: 'アメリカ合衆国',
        type: 'international',
      },
      { from, at: toMayTime('10', '12:00:00.3'), to: '0499221234', internal: true },
      { from, at: toMayTime('10', '12:00:00.4'), to: '0120123456', area: '', type: 'free', charge: 0 },
      { from, at: toMayTime('10', '12:00:00.5'), to: '123456789012345678901', type: 'international' },
      { from, at: toMayTime('10', '12:00:00.6'), to: '09099999999', incoming: true },
      { from, at: toMayTime('10', '12:00:00.7'), to: '0570012345', type: 'strange' },
      { from: '0120222333', at: toMayTime('10', '12:00:00.0') },
      { from: '05087654321', at: toMayTime('09', '12:00:00.0') },
    ],
  },
};

let customer: TestSelfPageUser;

beforeAll(async () => {
  await openTestPortal();
  customer = await createSelfPageUser(NUMBERS);
  await db('call_types').insert({
    code: 'strange',
    label: `${'長'.repeat(41)}い`,
    category: 'domestic',
    fees_column: 'domestic',
    usage_row: 'general',
    counted: false,
  });
});
afterEach(deleteCalls);
afterAll(closeTestPortal);

/** The file with this name, byte by byte. With UPDATE_GOLDEN it is written instead, to be read by a person. */
function expectGolden(name: string, bytes: Buffer): void {
  const file = path.join(projectRoot, 'test', 'fixtures', 'detail-files', name);
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, bytes);
  expect(bytes.toString('latin1')).toBe(readFileSync(file, 'latin1'));
}

describe.each(Object.entries(golden))('%s', (name, { calls, kind = 'calls' }) => {
  it('is the same in every byte, in both encodings', async () => {
    await storeCalls(customer.contractId, calls);
    const file = await buildRequestedFile(customer.contractId, MONTH, kind);
    expectGolden(`${name}.csv`, await readPart(file, 'csv'));
    expectGolden(`${name}.utf8.csv`, await readPart(file, 'utf8'));
  });
});
