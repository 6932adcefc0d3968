import { userInfo } from 'node:os';
import { type Command } from 'commander';
import { issueAccount, listAccounts } from '../../models/account/account';
import { recordUnlock } from '../../models/verification/contact-number';
import { readLocks, unlockClient, unlockLogin } from '../../models/sign-in/attempt-limit';
import { findLoginByName } from '../../models/sign-in/login';
import { issueNewAccounts } from '../../models/account/issue-all';
import { resetPassword } from '../../models/account/reset-password';
import { normaliseJapaneseTelephone } from '../../models/phone-number/parse-phone-number';
import { type WrittenLetters, toLetterResult, writeLetters } from './letters';
import { acquireRedis, tryRedis } from './redis-for-command';
import { CommandError } from '../../lib/process/operator-error';
import { toClientKey } from '../../lib/values/client-address';
import { now } from '../../lib/values/clock';
import { addCommand, formatCount, type Report, type CommandResult, toIsoTime } from './output';

interface IssueOptions {
  email?: string;
  contactNumber?: string;
  pdf?: boolean;
  allNew?: boolean;
}

interface ResetOptions {
  letter?: boolean;
  pdf?: boolean;
}

/** `meisai account …` */
export function addAccountCommands(program: Command, report: Report): void {
  const group = program.command('account').description('first passwords, lost passwords, locked logins');

  addCommand(group, 'issue [contract]', 'first login and password of a contract, and its welcome letter')
    .option('--email <address>', 'makes it an e-mail login of the my page')
    .option('--contact-number <number>', 'telephone number for verification codes')
    .option('--pdf', 'the letter as PDF, too')
    .option('--all-new', 'all contracts of the self page without a login: their letters as one PDF')
    .action(async (contract: string | undefined, options: IssueOptions) =>
      report(await issueOneOrAll(contract, options)),
    );
  addCommand(group, 'reset <login>', 'a new password; ends all sessions of the login')
    .option('--letter', 'a new welcome letter, too')
    .option('--pdf', 'the letter as PDF, too')
    .action(async (login: string, options: ResetOptions) => report(await reset(login, options)));
  addCommand(
    group,
    'unlock <login-or-client>',
    'lift the locks of a login, or of a client (an IP address), after too many failures',
  ).action(async (name: string) => report(await unlock(name)));
  addCommand(group, 'list', 'all logins, their contracts and locks').action(async () => report(await list()));
}

function issueOneOrAll(contract: string | undefined, options: IssueOptions): Promise<CommandResult> {
  const { allNew, email, contactNumber } = options;
  if (allNew && (email !== undefined || contactNumber !== undefined))
    throw new CommandError('--all-new is for self pages: --email and --contact-number are for one contract');
  if (allNew && contract === undefined) return issueAll();
  if (contract === undefined || allNew) throw new CommandError('Give either a contract or --all-new');
  return issue(contract, options);
}

async function issue(contract: string, options: IssueOptions): Promise<CommandResult> {
  let letters: WrittenLetters | undefined;
  const account = await issueAccount(contract, {
    email: options.email === undefined ? undefined : parseEmail(options.email),
    contactNumber:
      options.contactNumber === undefined ? undefined : parseContactNumber(options.contactNumber),
    beforeSaving: async (issued) => {
      letters = await writeLetters([{ ...issued, contractCode: contract }], options.pdf);
    },
  });
  return toLetterResult(`Login ${account.login}, password ${account.password}`, account, letters);
}

async function issueAll(): Promise<CommandResult> {
  let letters: WrittenLetters | undefined;
  const accounts = await issueNewAccounts(async (issued) => {
    letters = await writeLetters(issued, true);
  });
  const summary = [
    ...accounts.map(({ login, password }) => `Login ${login}, password ${password}`),
    `${formatCount(accounts.length, 'login')} issued`,
  ].join('\n');
  return { ...toLetterResult(summary, {}, letters), json: { accounts, pdf: letters?.pdf ?? null } };
}

async function reset(name: string, { letter, pdf }: ResetOptions): Promise<CommandResult> {
  if (pdf && !letter) throw new CommandError('--pdf is for the letter: give --letter, too');
  await tryRedis();
  const account = await resetPassword(name);
  const summary = `Login ${account.login}, new password ${account.password}`;
  if (!letter) return { summary, json: account };
  const listed = (await listAccounts()).find((one) => one.login === account.login);
  const letters = await writeLetters([{ ...account, contractCode: listed?.contracts[0] ?? '' }], pdf);
  return toLetterResult(summary, account, letters);
}

function parseEmail(text: string): string {
  if (/^[^\s@"<>()]{1,64}@[^\s@]+\.[^\s@.]+$/.test(text) && text.length <= 254) return text;
  throw new CommandError(`--email ${text}: not an e-mail address`);
}

function parseContactNumber(text: string): string {
  const { digits } = normaliseJapaneseTelephone(text);
  if (digits !== undefined && digits.length >= 9) return digits;
  throw new CommandError(`--contact-number ${text}: not a telephone number`);
}

async function unlock(name: string): Promise<CommandResult> {
  const account = await findLoginByName(name);
  const client = account ? undefined : toClientKey(name);
  if (!account && client === undefined)
    throw new CommandError(
      `There is no login ${name}, and it is no IP address: meisai account list shows the logins that there are`,
    );
  await acquireRedis();
  if (!account) return unlockAddress(client ?? '');
  const { login } = account;
  await unlockLogin(login);
  await recordUnlock(account, userInfo().username);
  return { summary: `${login} is not locked`, json: { login } };
}

async function unlockAddress(client: string): Promise<CommandResult> {
  await unlockClient(client);
  return { summary: `${client} is not locked`, json: { client } };
}

/** Lists all logins. Without Redis no lock is known; standard error then says so. */
async function list() {
  const findLock = (await tryRedis()) ? await readLocks() : () => undefined;
  const accounts = (await listAccounts()).map(({ created_at, ...account }) => {
    const wait = findLock(account.login);
    return {
      ...account,
      locked_until: wait === undefined ? null : toIsoTime(now() + wait),
      created_at: toIsoTime(created_at),
    };
  });
  const lines = accounts.map(({ login, contracts, locked_until }) =>
    [login, contracts.join(' '), locked_until ? `locked until ${locked_until}` : ''].join('  ').trimEnd(),
  );
  return { summary: [...lines, `${accounts.length} accounts`].join('\n'), json: accounts };
}
