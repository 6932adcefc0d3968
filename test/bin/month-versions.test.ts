import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../config';
import { db } from '../../lib/database/db';
import { runCommand, runJson, writeSourceFile } from '../support/command';
import { saveTestContract } from '../support/contracts';
import { closeTestPortal, openTestPortal } from '../support/portal';

// Everything that changes what a page or a file of a month shows raises the month's version: a file that was made before
// is then out of date.

const CALLS = 'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge';
const buildCall = (id: string, charge = '8.00') =>
  `${id},05011112222,outgoing,2017-11-05T10:00:00+09:00,60.0,0312345678,,external,domestic,${charge}`;

/** Each changes something of November 2017 for the contract v1, in this order. */
const changes: Record<string, () => Promise<string[]>> = {
  'import calls': () => withFile([CALLS, buildCall('c1')]),
  'import calls, replaced': async () => [...(await withFile([CALLS, buildCall('c1', '9.00')])), '--replace'],
  rerate: () => Promise.resolve(['201711', '--tariff', 'sample']),
  'import call-types': () =>
    withFile([
      'code,label,category,fees_column,usage_row,counted',
      'domestic,国内の呼,domestic,domestic,general,no',
    ]),
  'import numbers': () => withFile(['contract_code,number,kind', 'v1,05011113333,contract']),
  'import numbers, another service': () =>
    withFile(['contract_code,number,kind,service', 'v1,05011113333,contract,hikari']),
  'import contracts': () =>
    withFile([
      'contract_code,customer_number,service,channels,extra_dialin_numbers,start_date,connection_type,primary_dns,secondary_dns,options',
      'v1,C9,ip050,2,0,2010-01-01,光,,,',
    ]),
  'import telegrams': () =>
    withFile([
      'source_id,number,sent_on,recipient,kind,count,charge',
      't1,05011112222,2017-11-06,山田,祝電,1,1000',
    ]),
  'import usages': () =>
    withFile(['source_id,contract_code,service,used_on,merchant,amount', 'u1,v1,payon,2017-11-06,書店,1000']),
  'month publish': () => Promise.resolve(['201711']),
  'month withdraw': () => Promise.resolve(['201711']),
  'sums rebuild': () => Promise.resolve([]),
  'batch undo': async () => {
    const batches = await runJson<{ id: number; undone_at: string | null }[]>('batch', 'list');
    return [String(batches.find(({ undone_at }) => undone_at === null)?.id), '--with-overlaps'];
  },
};

/** They show or change nothing of a contract's month: bills, for one, belong to a customer number. */
const OTHERS = [
  ...[
    'migrate',
    'demo',
    'import invoices',
    'import tariff',
    'batch list',
    'batch show',
    'month list',
    'report',
  ],
  ...['account issue', 'account reset', 'account list', 'account unlock'],
  ...['sums check', 'files list', 'files delete-expired', 'audit', 'copy-database', 'worker', 'status'],
];

/** Routes that accept a POST: they change logins, sessions, devices, codes and files, and nothing of a month. */
const ROUTE_FILES = [
  ...['detail-files.ts', 'form.ts', 'gateway/twilio.ts', 'login.ts', 'mypage/devices.ts'],
  ...['mypage/verification.ts', 'mypage/verification/code.ts', 'mypage/verification/method.ts'],
];

const withFile = async (lines: string[]) => [await writeSourceFile(lines.join('\n'))];

const getVersion = async (): Promise<number> => {
  const row = await db('contract_months')
    .join('contracts', 'contracts.id', 'contract_months.contract_id')
    .where({ code: 'v1', billing_month: 201711 })
    .first<{ version: number } | undefined>('version');
  return row?.version ?? 0;
};

/** `import calls`, `rerate`, … as `--help` lists them. */
async function listCommands(...group: string[]): Promise<string[]> {
  const { out } = await runCommand(...group, '--help');
  const [, listed = ''] = out.split('\nCommands:\n');
  const names = [...listed.matchAll(/^ {2}([a-z][\w-]*)/gm)].flatMap(([, name = '']) => name);
  const all: string[] = [];
  for (const name of names.filter((each) => each !== 'help')) {
    const below = group.length === 0 ? await listCommands(name) : [];
    all.push(...(below.length > 0 ? below : [[...group, name].join(' ')]));
  }
  return all;
}

beforeAll(async () => {
  await openTestPortal();
  await saveTestContract('v1', ['05011112222'], { service: 'ip050', customer_number: 'C1' });
  await runJson(
    'import',
    'tariff',
    ...(await withFile([
      'prefix,area,call_type,yen_per_unit,unit_seconds,from_date',
      '0,,domestic,7,180,2010-01-01',
    ])),
    '--name',
    'own',
  );
});
afterAll(closeTestPortal);

it.each(Object.entries(changes))('%s raises the version of the month', async (name, getArguments) => {
  const before = await getVersion();
  const [command = ''] = name.split(',');
  const { status, err } = await runCommand(...command.split(' '), ...(await getArguments()));
  expect([status, err]).toEqual([0, '']);
  expect(await getVersion()).toBeGreaterThan(before);
});

it('what changes nothing raises nothing', async () => {
  const before = await getVersion();
  for (const name of [
    'import numbers, another service',
    'import contracts',
    'import telegrams',
    'import usages',
  ])
    await runCommand(...(name.split(',')[0] ?? '').split(' '), ...((await changes[name]?.()) ?? []));
  expect(await getVersion()).toBe(before);
});

it('every command is known to change months, or not to', async () => {
  const changing = new Set(Object.keys(changes).map((name) => name.split(',')[0]));
  expect((await listCommands()).filter((name) => !changing.has(name)).sort()).toEqual([...OTHERS].sort());
});

it('every route that takes a POST is known to change nothing of a month', () => {
  const folder = path.join(projectRoot, 'routes');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const posting = files.filter((file) => readFileSync(path.join(folder, file), 'utf8').includes('.post('));
  expect(posting.sort()).toEqual([...ROUTE_FILES].sort());
});
