import { hash, verify } from '@node-rs/argon2';
import limit from 'p-limit';

/** The least that OWASP asks of argon2id, which is the library's algorithm: 19 MiB, 2 passes, 1 lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashing uses the threads that the database and files need too: a burst of logins waits its turn. */
const limitHashing = limit(2);

let dummyHash: Promise<string> | undefined;

/** The argon2id hash of a password, the only form in which one is kept. */
export const hashPassword = (password: string): Promise<string> =>
  limitHashing(() => hash(password, ARGON2ID));

export const verifyPassword = (passwordHash: string, password: string): Promise<boolean> =>
  limitHashing(() => verify(passwordHash, password));

/** Takes as long as verifyPassword: an unknown ID must not be told by the time of the answer. */
export async function verifyDummyPassword(password: string): Promise<false> {
  dummyHash ??= hashPassword('nobody has this password');
  await verifyPassword(await dummyHash, password);
  return false;
}
