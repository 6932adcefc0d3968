import { codeOf } from '../models/error-code';
import { StoreAwayError } from '../models/file-store/file-store-error';

const CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_CANTOPEN',
  'SQLITE_IOERR',
  'SQLITE_FULL',
  // PostgreSQL: shutting down, starting up, too many connections, statement timeout
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '57014',
]);

const WORDS =
  /Connection is closed|Command timed out|Socket timeout|max retries per request|enableOfflineQueue|Timeout acquiring a connection|Unable to acquire a connection|Connection terminated|connection timeout|OOM command not allowed|MISCONF|LOADING|CLUSTERDOWN|Cluster redirections|startup nodes|slots cache|Cluster is ended|EXECABORT|READONLY/i;

/** Whether an error says that Redis, the database or the file store is away, and may be back in a moment. */
export function isAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if (error instanceof StoreAwayError) return true;
  const { message, syscall, cause } = error as { message?: string; syscall?: string; cause?: unknown };
  const isSocketGone = codeOf(error) === 'ENOENT' && syscall === 'connect';
  return isSocketGone || CODES.has(codeOf(error)) || WORDS.test(message ?? '') || isAway(cause);
}
