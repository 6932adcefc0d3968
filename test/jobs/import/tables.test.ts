import { readFileSync } from 'node:fs';
import { chmod, readFile } from 'node:fs/promises';
import path from 'node:path';
import iconv from 'iconv-lite';
import { config } from '../../../config';
import { findContractByCode } from '../../../models/contract/contract';
import { db } from '../../../lib/database/db';
import { parseDay } from '../../../lib/values/jst';
import { openLineLookup } from '../../../models/contract/line-lookup';
import { openTariff } from '../../../models/rating/tariff';
import { listMonthlyCharges } from '../../../models/charges/monthly-charges';
import { countTelegrams, listTelegrams } from '../../../models/billing/telegram';
import { runCommand, runJson, writeSourceFile } from '../../support/command';
import { saveTestContract } from '../../support/contracts';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const DAY = parseDay('2017-11-02');

const writeFile = (...lines: string[]): Promise<string> => writeSourceFile(`${lines.join('\r\n')}\r\n`);

async function importRejected(kind: string, path: string, ...options: string[]): Promise<string> {
  expect((await runCommand('import', kind, path, ...options)).status).toBe(2);
  return readFileSync(`${path}.rejected.csv`, 'utf8');
}

beforeAll(openTestPortal);
afterAll(closeTestPortal);

describe('contracts', () => {
  const header =
    'contract_code,customer_number,service,channels,extra_dialin_numbers,start_date,connection_type,primary_dns,secondary_dns,options';

  it('are created and then brought up to date by their code', async () => {
    const line = (channels: number) =>
      `d5,,autocall,${channels},1,2010/11/15,ダイヤルイン接続,192.0.2.53,198.51.100.53,bulk_transfer;dialin`;
    expect(await runJson('import', 'contracts', await writeFile(header, line(1)))).toMatchObject({
      saved: 1,
      rejected: 0,
    });
    await runCommand(
      'import',
      'contracts',
      await writeSourceFile(iconv.encode(`${header}\n${line(3)}`, 'cp932')),
    );
    expect(await findContractByCode('d5')).toMatchObject({
      ...{ customer_number: 'd5', service: 'autocall', channels: 3, start_date: '2010-11-15' },
      ...{ connection_type: 'ダイヤルイン接続', options: 'dialin;bulk_transfer' },
    });
  });

  it('come as a spreadsheet writes dates and emptied rows', async () => {
    const saved = await writeFile(header, 'd9,,autocall,1,1,2010/1/5,,,,', ',,,,,,,,,', ',,,,,,,,,');
    expect(await runJson('import', 'contracts', saved)).toMatchObject({ records: 1, saved: 1, rejected: 0 });
    expect(await findContractByCode('d9')).toMatchObject({ start_date: '2010-01-05' });
  });

  it('are rejected with every reason', async () => {
    const bad = await writeFile(header, 'd6,,isdn,x,1,2010-02-30,,,,fax', ',,autocall,1,1,2010-02-03,,,,');
    const reasons = await importRejected('contracts', bad);
    expect(reasons).toMatch(
      /2,"service: .*; channels: a whole number; start_date: .*; options: only dialin,/,
    );
    expect(reasons).toMatch(/3,.*contract_code: /);
    expect(await findContractByCode('d6')).toBeUndefined();
  });

  it('come in whole or not at all', async () => {
    const lines = ['d7', 'd8'].map((code) => `${code},,autocall,1,1,2010-11-15,,,,`);
    const broken = await writeFile(header, ...lines, 'x'.repeat(1_100_000));
    expect(await runCommand('import', 'contracts', broken)).toMatchObject({
      status: 1,
      err: expect.stringContaining('line 4 is too long') as string,
    });
    expect(await findContractByCode('d7')).toBeUndefined();
  });

  it('need all columns and no others', async () => {
    const { status, err } = await runCommand(
      'import',
      'contracts',
      await writeFile(header.replace('options', 'colour')),
    );
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/“options” is missing.*“colour” is unknown/) as string,
    ]);
  });

  it('reject beside the file, or under DATA_DIR where that cannot be written', async () => {
    const bad = await writeFile(header, 'd6,,isdn,1,1,2010-02-03,,,,');
    await chmod(path.dirname(bad), 0o500);
    try {
      const { rejected_file: rejected = '' } = await runJson<{ rejected_file?: string }>(
        'import',
        'contracts',
        bad,
      );
      // Root may write everywhere.
      const folder = process.getuid?.() === 0 ? path.dirname(bad) : path.join(config.DATA_DIR, 'rejected');
      expect(path.dirname(rejected)).toBe(folder);
      expect(await readFile(rejected, 'utf8')).toContain('service: autocall or ip050');
    } finally {
      await chmod(path.dirname(bad), 0o700);
    }
  });
});

describe('numbers', () => {
  it('come in with their aliases', async () => {
    await saveTestContract('d1');
    const numbers = await writeFile(
      'contract_code,number,kind,aliases',
      'd1,050-1111-2222,contract,desk; 100',
    );
    expect(await runJson('import', 'numbers', numbers)).toMatchObject({ saved: 1 });
    const directory = await openLineLookup();
    expect(directory.find('100', DAY)).toBe(directory.find('05011112222', DAY));
  });

  it('may be without aliases, which then stay', async () => {
    await runCommand(
      'import',
      'numbers',
      await writeFile('kind,contract_code,number', 'free_call,d1,05011112222'),
    );
    expect((await openLineLookup()).find('desk', DAY)?.number).toBe('05011112222');
    expect(await db('phone_numbers').where({ number: '05011112222' }).pluck('kind')).toEqual(['free_call']);
  });

  it('get the leading 0 back that a spreadsheet has taken', async () => {
    const numbers = await writeFile(
      'contract_code,number,kind',
      'd1,312345678,contract',
      'd1,120123456,free_call',
    );
    expect(await runJson('import', 'numbers', numbers)).toMatchObject({ saved: 2 });
    expect(await db('phone_numbers').whereIn('number', ['0312345678', '0120123456'])).toHaveLength(2);
  });

  it('are rejected where contract, number, kind or alias cannot be', async () => {
    await saveTestContract('d2');
    const bad = await writeFile(
      ...['contract_code,number,kind,aliases', 'none,05011113333,contract,', 'd1,telephone,contract,'],
      ...['d1,05011113333,mobile,', 'd2,05011112222,contract,', 'd2,05011114444,contract,desk'],
    );
    const reasons = await importRejected('numbers', bad);
    expect(reasons).toMatch(/2,contract_code: there is no contract none/);
    expect(reasons).toMatch(/3,number: telephone: not a telephone number/);
    expect(reasons).toMatch(/4,kind: contract or free_call/);
    expect(reasons).toMatch(/5,05011112222 is a number of another contract/);
    expect(reasons).toMatch(/6,alias desk of 05011114444 already means another number/);
    expect(await db('phone_numbers').where({ number: '05011114444' })).toEqual([]);
  });
});

describe('invoices', () => {
  const header =
    'invoice_number,customer_number,billing_month,due_date,payment_method,status,line,description,amount,tax_rate';
  const line = (rest: string) =>
    `${rest.slice(0, 2)},c1,201711,2017-12-31,口座振替,請求済み,${rest.slice(3)}`;

  it('that are kept without their rejected lines are named', async () => {
    const invoices = await writeFile(
      ...[header, line('i1,1,基本料,100,10'), line('i1,2,通話料,"1,000",10'), line('i2,1,基本料,100,10')],
      ...[line('i3,1,基本料,x,10'), line('i2,2,通話料,1,000,10')],
    );
    const result = { saved: 2, rejected: 3, incomplete: ['i1', 'i2'] };
    expect(await runJson('import', 'invoices', invoices)).toMatchObject(result);
    expect(await runCommand('import', 'invoices', invoices)).toMatchObject({
      status: 2,
      out: expect.stringMatching(
        /\nCustomers see these without .*: i1, i2\. Mend the lines and import the file again\n$/,
      ) as string,
    });
  });

  it('of which all lines were rejected are not there, and not named', async () => {
    const result = await runJson('import', 'invoices', await writeFile(header, line('i3,1,基本料,x,10')));
    expect(result).not.toHaveProperty('incomplete');
  });
});

describe('telegrams', () => {
  it('are created, corrected and listed by month', async () => {
    const id = await saveTestContract('d3', ['05033334444:shop']);
    const writeTelegrams = (count: number) =>
      writeFile(
        'source_id,number,sent_on,recipient,kind,count,charge',
        `t-1,shop,2017-11-30,東京都 見本太郎,慶祝電報,${count},1580`,
        't-2,050-3333-4444,2017-11-01,大阪府 例示花子,弔慰電報,1,700.50',
        't-3,050-3333-4444,2017-12-01,,,1,0',
      );
    expect(await runJson('import', 'telegrams', await writeTelegrams(1))).toMatchObject({ saved: 3 });
    await runCommand('import', 'telegrams', await writeTelegrams(2));
    expect(
      (await listTelegrams(id, 201711, 0, 10)).map(({ source_id, number, count, charge }) => [
        source_id,
        number,
        count,
        charge,
      ]),
    ).toEqual([
      ['t-2', '05033334444', 1, 70_050],
      ['t-1', '05033334444', 2, 158_000],
    ]);
    expect(await listTelegrams(id, 201711, 1, 1)).toHaveLength(1);
    expect(await countTelegrams(id, 201711)).toBe(2);
    const months = await listMonthlyCharges(id, [201712, 201711, 201710]);
    expect(months.map(({ month, has_telegrams }) => [month, Boolean(has_telegrams)])).toEqual([
      [201712, true],
      [201711, true],
      [201710, false],
    ]);
    expect(await countTelegrams(id + 1, 201711)).toBe(0);
  });

  it('are rejected with an unknown number, day or amount', async () => {
    const bad = await writeFile(
      'source_id,number,sent_on,recipient,kind,count,charge',
      't-9,05099999999,2017-11-31,,,one,1.005',
    );
    expect(await importRejected('telegrams', bad)).toMatch(
      /sent_on: .*; count: .*; charge: finer than 1\/100 yen/,
    );
  });
});

describe('call types', () => {
  const header = 'code,label,category,fees_column,usage_row';

  it('take their classes as codes or as words', async () => {
    const types = await writeFile(
      `${header},counted`,
      'sat,衛星呼,携帯/PHS,ａｕ通話,携帯通話,true',
      'fax,FAX呼,domestic,domestic,general,',
    );
    expect(await runJson('import', 'call-types', types)).toMatchObject({ saved: 2 });
    const sat = await db('call_types').where({ code: 'sat' }).first<Record<string, unknown>>();
    expect(sat).toMatchObject({ category: 'mobile', fees_column: 'au', usage_row: 'mobile' });
    expect(Boolean(sat.counted)).toBe(true);
    await runCommand(
      'import',
      'call-types',
      await writeFile(header, 'fax,ファクス呼,国内,国内通話,一般通話'),
    );
    expect(await db('call_types').where({ code: 'fax' }).pluck('label')).toEqual(['ファクス呼']);
  });

  it('are rejected with an unknown class', async () => {
    expect(await importRejected('call-types', await writeFile(header, 'x,X,space,domestic,general'))).toMatch(
      /category: one of/,
    );
  });
});

describe('a tariff', () => {
  const header = 'prefix,area,call_type,yen_per_unit,unit_seconds,from_date';

  it('is added to and replaced by prefix and from-date', async () => {
    await runCommand(
      'import',
      'tariff',
      await writeFile(header, '03,東京,domestic,8,180,2017-01-01'),
      '--name',
      'own',
    );
    await runCommand(
      'import',
      'tariff',
      await writeFile(header, '03,東京,domestic,8.5,180,2017-01-01', '0,,domestic,9,180,2017-01-01'),
      '--name',
      'own',
    );
    const rates = await openTariff('own');
    const midnight = Date.parse('2017-01-01T00:00:00+09:00') / 100;
    expect(rates.findRate('0312345678', midnight)).toMatchObject({
      unit_charge: 850,
      unit_duration: 1800,
      area: '東京',
    });
    expect(rates.findRate('0612345678', midnight)?.unit_charge).toBe(900);
    expect(rates.findRate('0312345678', midnight - 1)).toBeUndefined();
  });

  it('is rejected line by line', async () => {
    const bad = await writeFile(
      header,
      '+81,,domestic,8,180,2017-01-01',
      '03,,telex,8,180,2017-01-01',
      '03,,domestic,8,0,2017-01-01',
    );
    const reasons = await importRejected('tariff', bad, '--name', 'bad');
    expect(reasons).toMatch(/2,.*prefix: digits/);
    expect(reasons).toMatch(/3,call_type: there is no call type telex/);
    expect(reasons).toMatch(/4,unit_seconds: more than 0/);
  });

  it('needs a name', async () => {
    expect((await runCommand('import', 'tariff', 'x.csv')).status).toBe(1);
  });
});
