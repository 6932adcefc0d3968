import { config } from '../config';
import { isUnavailable, isDiskFull } from '../lib/outage';
import { errorCode } from '../lib/process/error-code';
import { OperatorError } from '../lib/process/operator-error';

/** Explains an error to the operator: one sentence, and what to do. LOG_LEVEL=debug adds where it happened. */
export function formatCommandFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A host name with several addresses fails with one error for each.
  const { message } = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  const advice = error instanceof OperatorError ? undefined : findAdvice(error);
  const text = advice === undefined ? message : `${advice} (${extractReason(message)})`;
  return config.LOG_LEVEL === 'debug' ? `${text}\n${error.stack}` : text;
}

function findAdvice(error: Error): string | undefined {
  const code = errorCode(error);
  if (isDiskFull(error)) return 'The disk is full: free some space, and run it again';
  if (/^(EACCES|EPERM)$/.test(code))
    return 'Whoever runs this has no right to a file or folder: see to it, and run it again';
  if (/^SQLITE_(CANTOPEN|READONLY|NOTADB)$/.test(code))
    return 'The file of DATABASE_URL cannot be used: see whether it is the right one, and to the rights to it and its folder';
  if (code === 'SQLITE_IOERR') return 'The disk is full or broken: see to it, and run it again';
  if (/^SQLITE_(BUSY|LOCKED)$/.test(code)) return 'Something else writes into the database: run it again';
  return isUnavailable(error) ? 'The database or Redis is away: see to it, and run it again' : undefined;
}

/** Knex puts the whole statement before the database's own message. */
const extractReason = (message: string): string => message.split(' - ').at(-1) ?? message;
