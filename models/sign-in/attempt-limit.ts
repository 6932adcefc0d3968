import { CappedCounter, type Count, type CounterKey } from '../../lib/redis/capped-counter';
import { RateLimitExceeded } from '../../lib/redis/rate-limit';
import { runInTurn } from '../../lib/values/password-hash';
import { countLoginFailure } from './failure-rate';

/** What can be guessed: a login's password, its contact number, a verification code. */
export type AttemptKind = 'login' | 'contact-number' | 'code';

/** Who tries, as all limits count it. */
export interface Visitor {
  /** The login as it is stored, or as it was typed if there is none. */
  login: string;
  /** Whether there is such a login. */
  exists: boolean;
  /** The client key: an IPv4 address, or the /64 of an IPv6 address. */
  client: string;
  /** The id of a browser that is known to the login; it is counted by itself. */
  browser?: string;
}

interface Limit {
  failures: number;
  counter: CappedCounter;
}

interface Limits {
  /** Failures of a login at a client. */
  loginAndClient: Limit;
  /** Failures of a login at a browser that is known to it. */
  knownBrowser: Limit;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

export const MAX_TRIES = 10;
export const LOCK_WINDOW_MS = 15 * MINUTE * 1000;
/** By the guide. */
const MAX_CONTACT_NUMBERS = 5;
const MAX_CLIENT_FAILURES = 200;
const MAX_NEW_BROWSER_FAILURES = 100;

const createLimits = (kind: AttemptKind, failures: number, seconds: number, restartAt = 0): Limits => ({
  loginAndClient: { failures, counter: new CappedCounter(`${kind}-client`, { seconds, restartAt }) },
  knownBrowser: { failures, counter: new CappedCounter(`${kind}-browser`, { seconds, restartAt }) },
});

/** The table of all limits. A contact number is locked for the whole time from the last failure on. */
const LIMITS: Record<AttemptKind, Limits> = {
  login: createLimits('login', MAX_TRIES, LOCK_WINDOW_MS / 1000),
  'contact-number': createLimits('contact-number', MAX_CONTACT_NUMBERS, 30 * MINUTE, MAX_CONTACT_NUMBERS),
  code: createLimits('code', MAX_TRIES, 15 * MINUTE),
};

/** Failures of a client, whatever it tries. */
const clientLimit: Limit = {
  failures: MAX_CLIENT_FAILURES,
  counter: new CappedCounter('client', { seconds: 15 * MINUTE }),
};

/**
 * Failures of a login at all browsers that are new to it. The logins that exist are few enough to keep them all: nobody
 * can push out their counts by trying names that do not exist.
 */
const newBrowserLimits = {
  existing: new CappedCounter('new-browsers', { seconds: DAY, maxKeys: Infinity }),
  unknown: new CappedCounter('new-browsers-unknown', { seconds: DAY }),
};

/** Logins whose new browsers are shut out. */
const shutOuts = {
  existing: new CappedCounter('shut-out', { seconds: HOUR, maxKeys: Infinity }),
  unknown: new CappedCounter('shut-out-unknown', { seconds: HOUR }),
};

/** Tries that were refused during a lock, which the next event of the login tells. */
const refusedTries = {
  existing: new CappedCounter('refused', { seconds: DAY, maxKeys: Infinity }),
  unknown: new CappedCounter('refused-unknown', { seconds: DAY }),
};

/** Tries of a client that were refused because of what it had failed at all logins: the first one begins its lock. */
const refusedClients = new CappedCounter('refused-client', { seconds: 15 * MINUTE });

/** How an attempt ended: `void` if nothing was compared, so that it does not count. */
export type AttemptResult = 'right' | 'wrong' | 'void';

interface Check<Result> {
  kind: AttemptKind;
  visitor: Visitor;
  /** Compares what was typed. */
  check: () => Promise<Result>;
  judge: (result: Result) => AttemptResult;
  /** Called when this failure shuts out the browsers that are new to the login. */
  onShutOut: () => Promise<void>;
  /** Called when the lock of the visitor's client begins, whatever logins it has tried. */
  onClientLocked?: () => Promise<void>;
}

/** The result of a check, and how many failures are left to the visitor. */
interface Checked<Result> {
  result: Result;
  left: number;
}

/**
 * The one function of all limits. An attempt is counted before `check`, so that parallel ones are counted too; what is
 * right, or fails by an error such as an unavailable database, takes it back. Nothing is delayed.
 *
 * @throws RateLimitExceeded
 */
export async function withAttemptLimit<Result>({
  check,
  judge,
  onShutOut,
  onClientLocked,
  ...attempt
}: Check<Result>): Promise<Checked<Result>> {
  const steps: CountedStep[] = [];
  try {
    const left = await countAttempt(attempt, steps);
    const { client, browser } = attempt.visitor;
    const result = await runInTurn({ client, isKnown: browser !== undefined }, check);
    const judged = judge(result);
    if (judged !== 'wrong') await takeBack(steps);
    if (judged === 'right') await clearOwnCounter(attempt);
    if (judged === 'wrong') await confirmFailure(attempt, steps, onShutOut);
    return { result, left };
  } catch (error) {
    // The attempt stays counted if Redis is unavailable as well.
    const isClientLocked = steps.at(-1)?.counter === clientLimit.counter;
    await takeBack(steps).catch(() => undefined);
    if (error instanceof RateLimitExceeded) {
      const isFirst = await countRefusal(attempt.visitor, isClientLocked);
      if (isFirst) await onClientLocked?.();
    }
    throw error;
  }
}

/** Counts a try that was refused. Returns whether it is the first one that the lock of its client refuses. */
async function countRefusal(visitor: Visitor, isClientLocked: boolean): Promise<boolean> {
  await getRefusedTries(visitor).add({ subject: toSubject(visitor) });
  return isClientLocked && (await refusedClients.add({ client: visitor.client })).count === 1;
}

const getRefusedTries = ({ exists }: Visitor): CappedCounter => refusedTries[exists ? 'existing' : 'unknown'];

/** Returns how many tries of a login were refused since its last event, and begins anew. */
export async function takeRefusedTries(visitor: Visitor): Promise<number> {
  const [counter, key] = [getRefusedTries(visitor), { subject: toSubject(visitor) }];
  const { count } = await counter.get(key);
  if (count > 0) await counter.add(key, -count);
  return count;
}

type Attempt = Pick<Check<unknown>, 'kind' | 'visitor'>;

/** A counter that an attempt has been added to. */
interface CountedStep {
  counter: CappedCounter;
  key: CounterKey;
  /** Whether it shuts out all new browsers. */
  shutsOut?: boolean;
}

/** Takes an attempt back, once. */
async function takeBack(steps: CountedStep[]): Promise<void> {
  for (const { counter, key } of steps.splice(0)) await counter.add(key, -1);
}

/** Adds an attempt to its counters, whose names `steps` collects. Returns the failures that are left. */
async function countAttempt({ kind, visitor }: Attempt, steps: CountedStep[]): Promise<number> {
  const { limit, key } = getOwnLimit(kind, visitor);
  if (visitor.browser !== undefined) return countStep(limit, key, steps);
  const place = visitor.exists ? 'existing' : 'unknown';
  const subject = toSubject(visitor);
  const lock = await shutOuts[place].get({ subject });
  if (lock.count > 0) throw new RateLimitExceeded(lock.wait, true);
  const left = await countStep(limit, key, steps);
  await countStep(clientLimit, { client: visitor.client }, steps);
  await countEverywhere(place, subject, steps);
  return left;
}

async function countStep(
  { counter, failures }: Limit,
  key: CounterKey,
  steps: CountedStep[],
): Promise<number> {
  const { count, wait } = await counter.add(key);
  steps.push({ counter, key });
  if (count > failures) throw new RateLimitExceeded(wait);
  return failures - count;
}

/**
 * Counts an attempt for all new browsers of a login together. The 100th in 24 hours shuts them out before it is checked;
 * later ones shut them out again, so that one may try each hour.
 */
async function countEverywhere(
  place: keyof typeof shutOuts,
  subject: string,
  steps: CountedStep[],
): Promise<void> {
  const { count } = await newBrowserLimits[place].add({ subject });
  steps.push({ counter: newBrowserLimits[place], key: { subject } });
  if (count < MAX_NEW_BROWSER_FAILURES) return;
  const lock = await shutOuts[place].add({ subject });
  steps.push({ counter: shutOuts[place], key: { subject }, shutsOut: lock.count === 1 });
  if (lock.count > 1) throw new RateLimitExceeded(lock.wait, true);
}

/** The counter that the right password, number or code begins anew. */
function getOwnLimit(kind: AttemptKind, visitor: Visitor): { limit: Limit; key: CounterKey } {
  const { loginAndClient, knownBrowser } = LIMITS[kind];
  return visitor.browser === undefined
    ? { limit: loginAndClient, key: { subject: toSubject(visitor), client: visitor.client } }
    : { limit: knownBrowser, key: { subject: toSubject(visitor), client: visitor.browser } };
}

async function clearOwnCounter({ kind, visitor }: Attempt): Promise<void> {
  const { limit, key } = getOwnLimit(kind, visitor);
  await limit.counter.delete(key);
}

async function confirmFailure(
  { kind }: Attempt,
  steps: CountedStep[],
  onShutOut: () => Promise<void>,
): Promise<void> {
  const shutsOut = steps.splice(0).some((step) => step.shutsOut);
  if (kind === 'login') await countLoginFailure();
  if (shutsOut) await onShutOut();
}

const toSubject = ({ login }: Pick<Visitor, 'login'>): string => login.toLowerCase();

/** Lifts every limit of a login. */
export async function unlockLogin(login: string): Promise<void> {
  const subject = login.toLowerCase();
  for (const { loginAndClient, knownBrowser } of Object.values(LIMITS))
    await Promise.all([
      loginAndClient.counter.deleteAll({ subject }),
      knownBrowser.counter.deleteAll({ subject }),
    ]);
  for (const counter of [...Object.values(newBrowserLimits), ...Object.values(shutOuts)])
    await counter.delete({ subject });
}

/** Lifts every limit of a client key; what its logins have failed at other clients stays. */
export async function unlockClient(client: string): Promise<void> {
  await clientLimit.counter.delete({ client });
  for (const { loginAndClient } of Object.values(LIMITS)) await loginAndClient.counter.deleteAll({ client });
}

/** How many logins have shut out new browsers. */
export const countShutOutLogins = async (): Promise<number> => (await shutOuts.existing.listBySubject()).size;

/** Finds when the last lock of a login ends (milliseconds until then), at whatever client; undefined if there is none. */
export async function readLocks(): Promise<(login: string) => number | undefined> {
  const shutOut = await shutOuts.existing.listBySubject();
  const limits = Object.values(LIMITS).flatMap(({ loginAndClient, knownBrowser }) => [
    loginAndClient,
    knownBrowser,
  ]);
  const counts = await Promise.all(limits.map(({ counter }) => counter.listBySubject()));
  return (login) => {
    const subject = login.toLowerCase();
    const locks: (Count | undefined)[] = limits.map(({ failures }, index) => {
      const count = counts[index]?.get(subject);
      return count && count.count >= failures ? count : undefined;
    });
    const waits = [...locks, shutOut.get(subject)].flatMap((lock) => (lock ? [lock.wait] : []));
    return waits.length > 0 ? Math.max(...waits) : undefined;
  };
}
