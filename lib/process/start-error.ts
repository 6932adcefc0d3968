import { ConfigError } from '../../config';
import { NewerDatabaseError } from '../database/db';
import { StoreUnavailableError } from '../files/errors';
import { ListenError } from '../../bin/server/listen';
import { PrivateRedisError } from '../redis/private-redis';
import { NoRedisServerError } from '../redis/find-redis-server';

/** Something outside of the program keeps it from starting. The message says what, and what to do. */
export class StartError extends Error {}

const explainedErrors = [
  StartError,
  ConfigError,
  NewerDatabaseError,
  StoreUnavailableError,
  ListenError,
  PrivateRedisError,
  NoRedisServerError,
];

/** Whether the message of an error says what is wrong and what to do. */
export const isExplained = (error: unknown): boolean => explainedErrors.some((kind) => error instanceof kind);

/** What to tell whoever starts the program: the message alone where it explains itself, else where it happened too. */
export function formatStartError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isExplained(error) ? error.message : (error.stack ?? error.message);
}

/** Runs a step of the start. Where it fails by a fault outside, what was wanted becomes part of the message. */
export async function explainFailure<T>(what: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof Error) || isExplained(error)) throw error;
    // An address with several IP numbers fails with one error for each.
    const causes = error instanceof AggregateError ? (error.errors as Error[]) : [error];
    throw new StartError(`${what}: ${causes.map(({ message }) => message).join('; ')}`, { cause: error });
  }
}
