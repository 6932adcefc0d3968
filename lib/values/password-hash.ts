import { hash, verify } from '@node-rs/argon2';
import limit from 'p-limit';

/** OWASP's minimum for argon2id (the library's default algorithm): 19 MiB, 2 passes, 1 lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashing shares the thread pool with the database and files, so a burst of logins has to queue. */
const limitHashing = limit(2);

let dummyHash: Promise<string> | undefined;

/** The argon2id hash of a password, the only form in which it is stored. */
export const hashPassword = (password: string): Promise<string> =>
  limitHashing(() => hash(password, ARGON2ID));

export const verifyPassword = (passwordHash: string, password: string): Promise<boolean> =>
  limitHashing(() => verify(passwordHash, password));

/** Takes as long as verifyPassword, so that the response time does not reveal whether a login exists. */
export async function verifyDummyPassword(password: string): Promise<false> {
  dummyHash ??= hashPassword('nobody has this password');
  await verifyPassword(await dummyHash, password);
  return false;
}
