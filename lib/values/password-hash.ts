import { AsyncLocalStorage } from 'node:async_hooks';
import { hash, verify } from '@node-rs/argon2';
import { FairQueue, type Turn } from '../process/fair-queue';

/** OWASP's minimum for argon2id (the library's default algorithm): 19 MiB, 2 passes, 1 lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashing shares the thread pool with the database and files, so a burst of logins has to queue. What waits here takes
 * about a second on two cores; whatever would have to wait longer is refused at once.
 */
const queue = new FairQueue({ concurrency: 2, maxKnown: 60, maxOthers: 30 });

const turns = new AsyncLocalStorage<Turn>();

/** What the portal hashes by itself, such as the codes that it sends. */
const OWN_TURN: Turn = { client: 'portal', isKnown: true };

/** Runs what checks a client's password in the client's turn. @throws OverloadedError if too many wait */
export const runInTurn = <Result>(turn: Turn, check: () => Promise<Result>): Promise<Result> =>
  turns.run(turn, check);

const limitHashing = <Result>(task: () => Promise<Result>): Promise<Result> =>
  queue.run(turns.getStore() ?? OWN_TURN, task);

let dummyHash: Promise<string> | undefined;

/** The argon2id hash of a password, the only form in which it is stored. */
export const hashPassword = (password: string): Promise<string> =>
  limitHashing(() => hash(password, ARGON2ID));

export const verifyPassword = (passwordHash: string, password: string): Promise<boolean> =>
  limitHashing(() => verify(passwordHash, password));

/** Takes as long as verifyPassword, so that the response time does not reveal whether a login exists. */
export async function verifyDummyPassword(password: string): Promise<false> {
  dummyHash ??= hash('nobody has this password', ARGON2ID);
  await verifyPassword(await dummyHash, password);
  return false;
}
