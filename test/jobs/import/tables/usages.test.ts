import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { config } from '../../../../config';
import { contractsImport } from '../../../../jobs/import/tables/contracts';
import { importTable, type TableImport } from '../../../../jobs/import/tables/import-table';
import { numbersImport } from '../../../../jobs/import/tables/numbers';
import { usagesImport } from '../../../../jobs/import/tables/usages';
import { listMemberContracts } from '../../../../models/contract/my-page-contract';
import { countNumbersOfMonth } from '../../../../models/contract/numbers-in-month';
import { listUsages, totalUsages, type Usage } from '../../../../models/billing/usage';
import { newCustomer } from '../../../support/customers';
import { newMember, newMemberContract, type TestMember } from '../../../support/members';
import { closeTestPortal, openTestPortal } from '../../../support/portal';

let member: TestMember;

beforeAll(async () => {
  await openTestPortal();
  member = await newMember();
});
afterAll(closeTestPortal);

function importLines<Row>(definition: TableImport<Row>, header: string, lines: string[]) {
  const file = path.join(config.DATA_DIR, 'table.csv');
  writeFileSync(file, [header, ...lines].join('\n'));
  return importTable(definition, file);
}

const rejections = (file = ''): string[] => readFileSync(file, 'utf8').trim().split(/\r?\n/).slice(1);

describe('import of usages', () => {
  const HEADER = 'source_id,contract_code,service,connected_at,disconnected_at,bytes,used_on,merchant,amount';
  const of = (service: Usage['service'], billing_month: number) => ({
    contract_id: member.contractId,
    service,
    billing_month,
  });

  it('brings sessions and payments of one file in, once', async () => {
    const lines = [
      `s1,${member.code},internet,2011-03-31T23:59:59.5+09:00,2011-04-01T00:00:00+09:00,5368709120,,,`,
      `s2,${member.code},internet,2011-04-02T10:00:00+09:00,2011-04-02T10:20:00+09:00,12,,,`,
      `s3,${member.code},payon,,,,2011-04-30,書店,1050.5`,
    ];
    expect(await importLines(usagesImport, HEADER, lines)).toMatchObject({ saved: 3, rejected: 0 });
    await importLines(usagesImport, HEADER, lines);

    // A session that ends at midnight still belongs to the old month, as a call does.
    expect(await totalUsages(of('internet', 201103))).toEqual({
      ...{ usages: 1, duration: 5, bytes: 5_368_709_120, amount: 0 },
    });
    expect(await totalUsages(of('internet', 201104))).toMatchObject({ usages: 1, duration: 12_000 });
    expect(await listUsages(of('payon', 201104), 0, 10)).toMatchObject([
      { used_at: Date.parse('2011-04-30T00:00:00+09:00') / 100, merchant: '書店', amount: 105_050 },
    ]);
  });

  it('takes files without the columns of the other service, and corrects by source id', async () => {
    const header = 'source_id,contract_code,service,used_on,merchant,amount';
    await importLines(usagesImport, header, [`c1,${member.code},payon,2011-02-01,書店,1`]);
    await importLines(usagesImport, header, [`c1,${member.code},payon,2011-02-02,書店,2`]);
    expect(await totalUsages(of('payon', 201102))).toMatchObject({ usages: 1, amount: 200 });
  });

  it('refuses bad lines with their reasons', async () => {
    const result = await importLines(usagesImport, HEADER, [
      `b1,N000000000,payon,,,,2011-04-30,書店,1`,
      `b2,${member.code},telex,,,,2011-04-30,書店,1`,
      `b3,${member.code},payon,,,,2011-04-31,書店,1`,
      `b4,${member.code},payon,,,,2011-04-30,書店,1.005`,
      `b5,${member.code},payon,,,9,2011-04-30,書店,1`,
      `b6,${member.code},internet,2011-04-02T10:00:00,2011-04-02T10:20:00+09:00,12,,,`,
      `b7,${member.code},internet,2011-04-02T10:20:00+09:00,2011-04-02T10:00:00+09:00,12,,,`,
      `b8,${member.code},internet,2011-04-02T10:00:00+09:00,2011-04-02T10:20:00+09:00,1.5,,,`,
      `b9,${member.code},internet,2009-04-02T10:00:00+09:00,2011-04-02T10:20:00+09:00,1,,,`,
    ]);
    expect(result).toMatchObject({ records: 9, saved: 0, rejected: 9 });
    const reasons = rejections(result.rejected_file);
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
  const scope = (service: 'ip050' | 'hikari' | 'mobile') => ({
    ...{ contractId: member.contractId, month: 201104, service },
  });

  it('tells the service of a number, 050 without it, and leaves what it was where it is left out', async () => {
    await importLines(numbersImport, 'contract_code,number,kind,service', [
      `${member.code},0312340001,contract,hikari`,
      `${member.code},09012340001,contract,mobile`,
      `${member.code},05012340001,contract,`,
    ]);
    await importLines(numbersImport, 'contract_code,number,kind', [
      `${member.code},0312340001,contract`,
      `${member.code},05012340002,contract`,
    ]);
    expect(await countNumbersOfMonth(scope('hikari'))).toBe(1);
    expect(await countNumbersOfMonth(scope('mobile'))).toBe(1);
    expect(await countNumbersOfMonth(scope('ip050'))).toBe(2);
  });

  it('refuses unknown ones, and other services for contracts of the self page', async () => {
    const { code } = await newCustomer();
    const result = await importLines(numbersImport, 'contract_code,number,kind,service', [
      `${member.code},0312340002,contract,telex`,
      `${code},0312340003,contract,mobile`,
    ]);
    expect(result.rejected).toBe(2);
    expect(rejections(result.rejected_file)[1]).toContain('is for contracts of the my page');
  });
});

describe('the column usage_services of contracts', () => {
  it('says what a contract has besides what its numbers and usages say', async () => {
    const { customerNumber } = await newMember();
    const { code } = await newMemberContract(customerNumber, ['0312349999'], 'hikari');
    const header =
      'contract_code,customer_number,service,channels,extra_dialin_numbers,start_date,connection_type,primary_dns,secondary_dns,options,usage_services';
    const line = (services: string) => `${code},${customerNumber},ip050,1,0,2010-11-15,IP,,,,${services}`;
    const servicesOf = async () =>
      (await listMemberContracts(customerNumber)).find((contract) => contract.code === code)?.services;

    await importLines(contractsImport, header, [line('payon;internet')]);
    expect(await servicesOf()).toEqual(['internet', 'hikari', 'ip050', 'payon']);
    await importLines(contractsImport, header, [line('')]);
    expect(await servicesOf()).toEqual(['hikari', 'ip050']);
    expect(await importLines(contractsImport, header, [line('telex')])).toMatchObject({ rejected: 1 });
  });
});
