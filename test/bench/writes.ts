import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningProgram } from '../kit/installation';
import { AnswerError, Visitor } from '../kit/visitor';
import { addMonths } from '../../models/billing/month';
import { type CallFile, getContractCode } from './call-data';
import type { BenchContext } from './context';
import type { BenchDatabase, Engine } from './engine';
import { Imports } from './imports';
import { WRITES_SUBJECT } from './rows';

const PAUSE_MS = 200;
const HISTORY_MONTHS = WRITES_SUBJECT.history ?? 0;

interface Account {
  login: string;
  password: string;
}

/** What a customer changes, again and again; gives the requests of one time, each of which may have to wait. */
type Change = (
  account: Account,
  url: string,
  month: number,
) => Promise<(time: number) => (() => Promise<unknown>)[]>;

const changes: Record<string, Change> = {
  'write-login': (account, url) => {
    const logIn = () =>
      new Visitor(url).logIn(account.login, account.password).then(mustHaveMoved('/selfpage'));
    return Promise.resolve(() => [logIn]);
  },
  'write-file': async (account, url, month) => {
    const customer = await new Visitor(url).logIn(account.login, account.password);
    await customer.get('/selfpage/charges');
    // Each is another file, so that it is written down; a month's two files are no more than two.
    return (time) => {
      const monthsBefore = 1 + (Math.floor(time / 2) % HISTORY_MONTHS);
      const kind = time % 2 === 0 ? 'fees' : 'calls';
      return [
        () => customer.post(`/selfpage/detail-files/${kind}/${addMonths(month, -monthsBefore)}/request`),
      ];
    };
  },
  'write-password': async (account, url) => {
    const customer = await new Visitor(url).logIn(account.login, account.password);
    const page = '/selfpage/password';
    // It counts minutes later: until then the old one is the current one.
    return (time) => [
      async () => {
        await customer.get(page);
        const words = `pw${String(time).padStart(5, '0')}`;
        await customer.post(page, { current: account.password, new: words, again: words });
        mustHaveMoved(`${page}/confirm`)(customer);
      },
      async () => {
        await customer.get(`${page}/confirm`);
        await customer.post(`${page}/confirm`);
        mustHaveMoved(`${page}/done`)(customer);
      },
    ];
  },
};

const mustHaveMoved =
  (address: string) =>
  ({ location }: Visitor): void => {
    if (!location.startsWith(address))
      throw new Error(`led to ${location || 'nowhere'} and not to ${address}`);
  };

/** How long customers wait who change something while the calls of a month come in. */
export async function measureWrites(bench: BenchContext, engine: Engine): Promise<void> {
  const imports = new Imports(bench, engine);
  const database = await imports.open(WRITES_SUBJECT, 'writes');
  await imports.close();
  bench.say(`${engine.name}: changes while calls are imported`);
  const { installation } = database;
  const accounts = await issueAccounts(database);
  const portal = await installation.startPortal();
  const changing = await Promise.all(
    Object.entries(changes).map(async ([id, open], index) => {
      const account = accounts[index] ?? { login: '', password: '' };
      return { id, change: await open(account, portal.url, bench.month) };
    }),
  );
  const folder = await bench.data.prepareCalls(WRITES_SUBJECT.file as CallFile);
  const program = installation.startCommand('import', 'calls', path.join(folder, 'calls.csv'));
  const running = watch(program);
  await Promise.all(
    changing.map(async ({ id, change }) => {
      const { longest, refused, count } = await repeat(change, running);
      const ours = [{ seconds: longest, cpu: 0 }];
      bench.add(id, engine.name, { ours, decides: 'seconds', refused, note: `of ${count} requests` });
    }),
  );
  const code = await program.ended;
  // Some lines are refused: that is 2.
  if (code !== 0 && code !== 2) throw new Error(`the import ended with ${code}: ${program.readOutput()}`);
  await portal.end();
  await database.drop();
}

async function issueAccounts({ installation }: BenchDatabase): Promise<Account[]> {
  const accounts: Account[] = [];
  for (const index of Object.keys(changes).keys())
    accounts.push(
      (await installation.runCommand<Account>('account', 'issue', getContractCode(index))).result,
    );
  return accounts;
}

function watch(program: RunningProgram): () => boolean {
  let isRunning = true;
  void program.ended.then(() => (isRunning = false));
  return () => isRunning;
}

/** Changes something as long as the import runs; the longest wait for an answer, and how many were errors. */
async function repeat(
  change: (time: number) => (() => Promise<unknown>)[],
  isRunning: () => boolean,
): Promise<{ longest: number; refused: number; count: number }> {
  const found = { longest: 0, refused: 0, count: 0 };
  for (let time = 0; isRunning(); time += 1) {
    for (const request of change(time)) {
      const started = performance.now();
      const wasRefused = await isRefused(request);
      found.longest = Math.max(found.longest, (performance.now() - started) / 1000);
      found.count += 1;
      if (!wasRefused) continue;
      found.refused += 1;
      break;
    }
    await delay(PAUSE_MS);
  }
  return found;
}

/** Whether the portal has answered with an error of its own. */
async function isRefused(request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request();
    return false;
  } catch (error) {
    if (error instanceof AnswerError && error.status >= 500) return true;
    throw error;
  }
}
