import { setTimeout as delay } from 'node:timers/promises';
import { closeRedis } from '../../lib/redis/redis';
import { readRedisMemory } from '../../lib/redis/memory';
import { type Answer, Attacker, createAttack, reportFindings, toAddress } from './attacker';

/**
 * Sends anonymous requests of every kind, from one client and from as many clients, and measures what they leave in
 * Redis. A customer logs in all the while.
 */
const command = createAttack(
  'flood',
  'Fills Redis by requests without a login. Run it with the REDIS_URL or DATA_DIR of the portal.',
)
  .option('--requests <count>', 'from one client, and again from that many clients', '20000')
  .parse();

interface Options {
  url: string;
  login: string;
  password: string;
  requests: string;
}
const { url, login, password, requests } = command.opts<Options>();

const MAX_BYTES = 1024 * 1024;
const MAX_LOGIN_MS = 5000;
const PARALLEL = 40;

type Kind = (attacker: Attacker, index: number, from: string) => Promise<Answer>;

const KINDS: Kind[] = [
  (attacker, _index, from) => attacker.send('/', { from }),
  (attacker, _index, from) => attacker.send('/mypage/login', { from }),
  (attacker, index, from) => attacker.send(`/selfpage/charges/2017${index}?${'x=y&'.repeat(500)}`, { from }),
  (attacker, index, from) => attacker.send(`/nowhere/${index}`, { from }),
  (attacker, _index, from) => attacker.send('/selfpage/password', { from, form: { current: 'x' } }),
  (attacker, _index, from) => attacker.send('/mypage/logout', { from, form: {} }),
  (attacker, index, from) => attacker.logIn(`nobody-${index}`, 'wrong123', from),
];

async function flood(count: number, getAddress: (index: number) => string): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  let next = 0;
  const sendAll = async () => {
    while (next < count) {
      const index = next++;
      const kind = KINDS[index % KINDS.length];
      const answer = await kind?.(new Attacker(url), index, getAddress(index));
      if (answer) statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, sendAll));
  return statuses;
}

/** A customer whose browser is known logs in again and again. Returns the answers. */
async function logInMeanwhile(signal: AbortSignal): Promise<Answer[]> {
  const answers: Answer[] = [];
  const customer = new Attacker(url);
  await customer.logIn(login, password, '192.0.2.1');
  while (!signal.aborted) {
    const page = await customer.send('/selfpage/contract', { from: '192.0.2.1' });
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    await customer.send('/selfpage/logout', { from: '192.0.2.1', form: { _csrf } });
    answers.push(await customer.logIn(login, password, '192.0.2.1'));
    await delay(500);
  }
  return answers;
}

async function run(): Promise<void> {
  // What a first login leaves anyway is not the flood's.
  await new Attacker(url).logIn('nobody', 'wrong123', '192.0.2.2');
  const before = (await readRedisMemory()).used;
  const end = new AbortController();
  const customer = logInMeanwhile(end.signal);
  const fromOne = await flood(Number(requests), () => '192.0.2.99');
  const fromMany = await flood(Number(requests), toAddress);
  end.abort();
  const logins = await customer;
  const grown = (await readRedisMemory()).used - before;
  await closeRedis();

  const slowest = Math.max(...logins.map(({ milliseconds }) => milliseconds));
  const refused = logins.filter(({ status }) => status !== 303);
  const serverErrors = [fromOne, fromMany].flatMap((statuses) =>
    [...statuses.keys()].filter((status) => status >= 500 && status !== 503),
  );
  const failures = [
    ...(grown < MAX_BYTES ? [] : [`Redis has grown by ${grown} bytes`]),
    ...(refused.length === 0 ? [] : [`${refused.length} logins of the customer were refused`]),
    ...(slowest < MAX_LOGIN_MS ? [] : [`a login took ${slowest} ms`]),
    ...serverErrors.map((status) => `the portal answered ${status}`),
  ];
  const format = (statuses: Map<number, number>) =>
    [...statuses].map(([status, count]) => `${status}: ${count}`).join(', ');
  reportFindings(
    failures,
    `from one client ${format(fromOne)}; from many ${format(fromMany)}; Redis has grown by ${grown} bytes; ` +
      `${logins.length} logins meanwhile, the slowest took ${slowest} ms`,
  );
}

void run();
