import { errorCode } from './process/error-code';
import { StoreUnavailableError } from './files/store';

// Codes of the system, SQLite and PostgreSQL. A file-size limit counts as a full disk.
const DISK_FULL_CODES = /^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL|53100)$/;

// PostgreSQL: connection exceptions, shutting down, starting up, statement timeout, too many connections.
const UNAVAILABLE_CODES =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|EPIPE|EIO|SQLITE_(BUSY|LOCKED|CANTOPEN|IOERR)|08\w{3}|57P\w{2}|57014|53300)$/;

const UNAVAILABLE_MESSAGES =
  /Connection is closed|Command timed out|Socket timeout|max retries per request|enableOfflineQueue|Timeout acquiring a connection|Unable to acquire a connection|Connection terminated|not queryable|connection timeout|OOM command not allowed|MISCONF|LOADING|CLUSTERDOWN|Cluster redirections|startup nodes|slots cache|Cluster is ended|EXECABORT|READONLY/i;

/** Whether an error says that there is no space left for files or the database. */
export const isDiskFull = (error: unknown): boolean => DISK_FULL_CODES.test(errorCode(error));

/** Whether an error says that Redis, the database or the file store is unavailable, and may be back in a moment. */
export function isUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if (error instanceof StoreUnavailableError) return true;
  const { message, syscall, cause } = error as { message?: string; syscall?: string; cause?: unknown };
  const isSocketGone = errorCode(error) === 'ENOENT' && syscall === 'connect';
  if (isSocketGone || isDiskFull(error) || UNAVAILABLE_CODES.test(errorCode(error))) return true;
  return UNAVAILABLE_MESSAGES.test(message ?? '') || isUnavailable(cause);
}
