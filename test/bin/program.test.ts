import { readFile, stat } from 'node:fs/promises';
import { closeTestPortal, openTestPortal } from '../support/portal';
import { config } from '../../config';
import { withAttemptLimit } from '../../models/sign-in/attempt-limit';
import { findLogin } from '../../models/sign-in/login';
import { releaseRedis } from '../../bin/commands/redis-for-command';
import { buildRequestedFile } from '../support/detail-files';
import { runCommand, runJson } from '../support/command';
import { insertDetailFile } from '../../models/detail-file/detail-file';
import { saveTestContract } from '../support/contracts';

interface Issued {
  login: string;
  password: string;
  letter: string;
}

beforeAll(async () => {
  await openTestPortal();
  await saveTestContract('d1');
  await saveTestContract('d2');
  await saveTestContract('N1', [], { service: 'ip050', customer_number: 'C1' });
});
afterAll(async () => {
  await releaseRedis();
  await closeTestPortal();
});

describe('account issue', () => {
  it('prints login and password, and writes the welcome letter for this user alone', async () => {
    const { login, password, letter } = await runJson<Issued>('account', 'issue', 'd1');
    expect(await findLogin('selfpage', login, password)).toBeDefined();
    expect((await stat(letter)).mode & 0o777).toBe(0o600);
    const html = await readFile(letter, 'utf8');
    for (const text of [
      login,
      password,
      config.OPERATOR_NAME,
      config.SERVICE_NAME,
      config.SUPPORT_NAME,
      '開通通知',
    ])
      expect(html).toContain(text);
  });

  it('makes e-mail logins with their contact number', async () => {
    const args = ['--email', 'Taro@example.jp', '--contact-number', '090-1234-5678'];
    expect(await runJson('account', 'issue', 'N1', ...args)).toMatchObject({ login: 'taro@example.jp' });
    const list = await runJson<{ login: string }[]>('account', 'list');
    expect(list.find(({ login }) => login === 'taro@example.jp')).toMatchObject({
      ...{ contracts: ['N1'], contact_number: '09012345678', locked_until: null },
    });
  });

  it('tells what cannot be done, with status 1 and without a stack', async () => {
    for (const [args, message] of [
      [['d1'], /issued already/],
      [['N1'], /--email/],
      [['none'], /no contract none/],
      [['d2', '--email', 'nothing'], /not an e-mail address/],
      [['d2', '--email', 'jiro@example.jp'], /its customer no my page: .* leave --email out/],
      [['--all-new', '--email', 'jiro@example.jp'], /are for one contract/],
      [['d2', '--contact-number', 'x'], /not a telephone number/],
    ] as const) {
      const { status, err } = await runCommand('account', 'issue', ...args);
      expect([status, err]).toEqual([1, expect.stringMatching(message) as string]);
      expect(err.trim().split('\n')).toHaveLength(1);
    }
  });
});

it('resets passwords', async () => {
  const { login, password } = await runJson<Issued>('account', 'reset', 'd1');
  expect(await findLogin('selfpage', login, password)).toBeDefined();
  expect(await runCommand('account', 'reset', 'nobody')).toMatchObject({ status: 1 });
});

const failLogin = () =>
  withAttemptLimit({
    kind: 'login',
    visitor: { login: 'd1', exists: true, client: '192.0.2.1' },
    check: () => Promise.resolve(false),
    judge: () => 'wrong',
    onShutOut: () => Promise.resolve(),
  });

it('lists locked logins and unlocks them', async () => {
  for (let tries = 0; tries < 10; tries += 1) await failLogin();
  const list = await runJson<{ login: string; locked_until: string | null }[]>('account', 'list');
  const { locked_until } = list.find(({ login }) => login === 'd1') ?? {};
  expect(Date.parse(locked_until ?? '')).toBeGreaterThan(Date.now());

  expect(await runCommand('account', 'unlock', 'd1')).toMatchObject({ status: 0 });
  expect((await runJson<{ login: string; locked_until: null }[]>('account', 'list')).at(0)).toMatchObject({
    login: 'd1',
    locked_until: null,
  });
  expect(await runCommand('account', 'unlock', 'nobody')).toMatchObject({ status: 1 });
});

it('tells how the portal is', async () => {
  expect(await runJson('status')).toMatchObject({
    database: 'ok',
    redis: 'ok',
    queued: 0,
    oldest_seconds: null,
  });
});

it('lists detail files and deletes the expired ones', async () => {
  expect(await runJson('files', 'list')).toEqual([]);
  const contract = await saveTestContract('d3');
  await buildRequestedFile(contract, 201710, 'fees');
  await insertDetailFile(contract, 201711, 'calls');
  expect((await runCommand('files', 'list')).out).toMatch(
    /^2 {2}d3 {2}2017年11月 {2}calls {2}asked for \d+年\S+ \S+ {2}queued\n1 {2}d3 {2}2017年10月 {2}fees {2}.* {2}ready {2}\d+ bytes\n2 files\n$/,
  );
  const [asked, made] = await runJson<{ requested_at: string; finished_at: string | null }[]>(
    'files',
    'list',
  );
  expect(asked?.finished_at).toBeNull();
  expect(Date.parse(made?.finished_at ?? '')).toBeGreaterThanOrEqual(Date.parse(made?.requested_at ?? ''));
  expect(await runJson('files', 'delete-expired')).toEqual({ removed: 0 });
});

it('finds the database up to date', async () => {
  expect(await runJson('migrate')).toEqual({ migrations: [] });
});

it.each([
  [[]],
  [['import']],
  [['import', 'calls']],
  [['account', 'issue']],
  [['sums', 'check']],
  [['worker']],
])('helps with %j', async (args) => {
  const { status, out } = await runCommand(...args, '--help');
  expect([status, out]).toEqual([0, expect.stringMatching(/^Usage: meisai/) as string]);
});

it.each([
  ['contracts', 'contract_code, customer_number, service,'],
  ['telegrams', 'source_id, number, sent_on,'],
  ['tariff', 'connection_charge, minimum_charge'],
])('names the columns of %s', async (kind, columns) => {
  expect((await runCommand('import', kind, '--help')).out).toContain(columns);
});

describe('an old spelling', () => {
  it.each([
    ['rate 201711 --tariff none', 'rate', 'rerate 201711 --tariff none', 'rerate'],
    ['batches', 'batches', 'batch', 'batch'],
    ['batches list --json', 'batches', 'batch list --json', 'batch'],
    ['batches show 99', 'batches', 'batch show 99', 'batch'],
    ['batches undo 99 --json', 'batches', 'batch undo 99 --json', 'batch'],
    ['files purge --json', 'files purge', 'files delete-expired --json', 'files delete-expired'],
    ['summary check', 'summary', 'sums check', 'sums'],
    ['summary rebuild --json', 'summary', 'sums rebuild --json', 'sums'],
    ['account letter nobody', 'account letter', 'account reset --letter nobody', 'account reset --letter'],
    ['account letter --help', 'account letter', 'account reset --help', 'account reset --letter'],
  ])('does what the new one does: %s', async (old, oldName, current, name) => {
    const { status, out, err } = await runCommand(...current.split(' '));
    const warning = `meisai: “meisai ${oldName}” is now “meisai ${name}”; the old spelling still works\n`;
    expect(await runCommand(...old.split(' '))).toEqual({ status, out, err: warning + err });
    expect(err).not.toContain('old spelling');
  });

  it('is not shown as a command', async () => {
    const help = (...args: string[]) => runCommand(...args, '--help').then(({ out }) => out);
    expect(await help()).toMatch(/^ {2}rerate [^]*^ {2}batch [^]*^ {2}sums /m);
    expect(await help()).not.toMatch(/^ {2}(rate|batches|summary) /m);
    expect(await help('files')).not.toContain('purge');
    expect(await help('account')).not.toMatch(/^ {2}letter /m);
  });
});

it('writes a letter with a new password only if it is asked to', async () => {
  const { login, password, letter } = await runJson<Issued>('account', 'reset', 'd1', '--letter');
  expect(await readFile(letter, 'utf8')).toContain(password);
  expect(await runJson('account', 'reset', login)).toEqual({ login, password: expect.any(String) as string });
  const { status, err } = await runCommand('account', 'reset', login, '--pdf');
  expect([status, err]).toEqual([1, 'meisai: --pdf is for the letter: give --letter, too\n']);
});

it('refuses unknown commands and options', async () => {
  expect(await runCommand('dance')).toMatchObject({
    status: 1,
    err: expect.stringContaining('unknown command') as string,
  });
  expect((await runCommand('demo', '--huge')).status).toBe(1);
});
