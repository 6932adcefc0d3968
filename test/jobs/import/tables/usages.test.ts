import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { config } from '../../../../config';
import { contractsImport } from '../../../../jobs/import/tables/contracts';
import { importTable, type TableImport } from '../../../../jobs/import/tables/import-table';
import { numbersImport } from '../../../../jobs/import/tables/numbers';
import { usagesImport } from '../../../../jobs/import/tables/usages';
import { listMyPageContracts } from '../../../../models/contract/my-page-contract';
import { countNumbersInMonth } from '../../../../models/contract/numbers-in-month';
import { listUsages, getUsageTotals, type Usage } from '../../../../models/billing/usage';
import {
  createSelfPageUser,
  createMyPageUser,
  createMyPageContract,
  type TestMyPageUser,
} from '../../../support/users';
import { closeTestPortal, openTestPortal } from '../../../support/portal';

let user: TestMyPageUser;

beforeAll(async () => {
  await openTestPortal();
  user = await createMyPageUser();
});
afterAll(closeTestPortal);

function importLines<Row>(definition: TableImport<Row>, header: string, lines: string[]) {
  const file = path.join(config.DATA_DIR, 'table.csv');
  writeFileSync(file, [header, ...lines].join('\n'));
  return importTable(definition, file);
}

const readRejections = (file = ''): string[] => readFileSync(file, 'utf8').trim().split(/\r?\n/).slice(1);

describe('import of usages', () => {
  const HEADER = 'source_id,contract_code,service,connected_at,disconnected_at,bytes,used_on,merchant,amount';
  const buildSelection = (service: Usage['service'], billing_month: number) => ({
    contract_id: user.contractId,
    service,
    billing_month,
  });

  it('brings sessions and payments of one file in, once', async () => {
    const lines = [
      `s1,${user.code},internet,2011-03-31T23:59:59.5+09:00,2011-04-01T00:00:00+09:00,5368709120,,,`,
      `s2,${user.code},internet,2011-04-02T10:00:00+09:00,2011-04-02T10:20:00+09:00,12,,,`,
      `s3,${user.code},payon,,,,2011-04-30,書店,1050.5`,
    ];
    expect(await importLines(usagesImport, HEADER, lines)).toMatchObject({ saved: 3, rejected: 0 });
    await importLines(usagesImport, HEADER, lines);

    // A session that ends at midnight still belongs to the old month, as a call does.
    expect(await getUsageTotals(buildSelection('internet', 201103))).toEqual({
      ...{ usages: 1, duration: 5, bytes: 5_368_709_120, amount: 0 },
    });
    expect(await getUsageTotals(buildSelection('internet', 201104))).toMatchObject({
      usages: 1,
      duration: 12_000,
    });
    expect(await listUsages(buildSelection('payon', 201104), 0, 10)).toMatchObject([
      { used_at: Date.parse('2011-04-30T00:00:00+09:00') / 100, merchant: '書店', amount: 105_050 },
    ]);
  });

  it('takes files without the columns of the other service, and corrects by source id', async () => {
    const header = 'source_id,contract_code,service,used_on,merchant,amount';
    await importLines(usagesImport, header, [`c1,${user.code},payon,2011-02-01,書店,1`]);
    await importLines(usagesImport, header, [`c1,${user.code},payon,2011-02-02,書店,2`]);
    expect(await getUsageTotals(buildSelection('payon', 201102))).toMatchObject({ usages: 1, amount: 200 });
  });

  it('refuses bad lines with their reasons', async () => {
    const result = await importLines(usagesImport, HEADER, [
      `b1,N000000000,payon,,,,2011-04-30,書店,1`,
      `b2,${user.code},telex,,,,2011-04-30,書店,1`,
      `b3,${user.code},payon,,,,2011-04-31,書店,1`,
      `b4,${user.code},payon,,,,2011-04-30,書店,1.005`,
      `b5,${user.code},payon,,,9,2011-04-30,書店,1`,
      `b6,${user.code},internet,2011-04-02T10:00:00,2011-04-02T10:20:00+09:00,12,,,`,
      `b7,${user.code},internet,2011-04-02T10:20:00+09:00,2011-04-02T10:00:00+09:00,12,,,`,
      `b8,${user.code},internet,2011-04-02T10:00:00+09:00,2011-04-02T10:20:00+09:00,1.5,,,`,
      `b9,${user.code},internet,2009-04-02T10:00:00+09:00,2011-04-02T10:20:00+09:00,1,,,`,
    ]);
    expect(result).toMatchObject({ records: 9, saved: 0, rejected: 9 });
    const reasons = readRejections(result.rejected_file);
    for (const [index, reason] of [
      'there is no contract N000000000',
      'internet or payon',
      'a date such as',
      'finer than 1/100 yen',
      'not of this service',
      'not a time with its zone',
      'before connected_at',
      'a whole number of bytes',
      'more than 366 days',
    ].entries())
      expect(reasons[index]).toContain(reason);
  });
});

describe('the column service of numbers', () => {
  const buildScope = (service: 'ip050' | 'hikari' | 'mobile') => ({
    ...{ contractId: user.contractId, month: 201104, service },
  });

  it('tells the service of a number, 050 without it, and leaves what it was where it is left out', async () => {
    await importLines(numbersImport, 'contract_code,number,kind,service', [
      `${user.code},0312340001,contract,hikari`,
      `${user.code},09012340001,contract,mobile`,
      `${user.code},05012340001,contract,`,
    ]);
    await importLines(numbersImport, 'contract_code,number,kind', [
      `${user.code},0312340001,contract`,
      `${user.code},05012340002,contract`,
    ]);
    expect(await countNumbersInMonth(buildScope('hikari'))).toBe(1);
    expect(await countNumbersInMonth(buildScope('mobile'))).toBe(1);
    expect(await countNumbersInMonth(buildScope('ip050'))).toBe(2);
  });

  it('refuses unknown ones, and other services for contracts of the self page', async () => {
    const { code } = await createSelfPageUser();
    const result = await importLines(numbersImport, 'contract_code,number,kind,service', [
      `${user.code},0312340002,contract,telex`,
      `${code},0312340003,contract,mobile`,
    ]);
    expect(result.rejected).toBe(2);
    expect(readRejections(result.rejected_file)[1]).toContain('is for contracts of the my page');
  });
});

describe('the column usage_services of contracts', () => {
  it('says what a contract has besides what its numbers and usages say', async () => {
    const { customerNumber } = await createMyPageUser();
    const { code } = await createMyPageContract(customerNumber, ['0312349999'], 'hikari');
    const header =
      'contract_code,customer_number,service,channels,extra_dialin_numbers,start_date,connection_type,primary_dns,secondary_dns,options,usage_services';
    const buildLine = (services: string) =>
      `${code},${customerNumber},ip050,1,0,2010-11-15,IP,,,,${services}`;
    const readServices = async () =>
      (await listMyPageContracts(customerNumber)).find((contract) => contract.code === code)?.services;

    await importLines(contractsImport, header, [buildLine('payon;internet')]);
    expect(await readServices()).toEqual(['internet', 'hikari', 'ip050', 'payon']);
    await importLines(contractsImport, header, [buildLine('')]);
    expect(await readServices()).toEqual(['hikari', 'ip050']);
    expect(await importLines(contractsImport, header, [buildLine('telex')])).toMatchObject({ rejected: 1 });
  });
});
