import { codeOf } from '../models/error-code';
import type { DetailFileFailure } from '../models/detail-file';
import { UnwritableLineError } from '../models/detail-file/lines';
import { StoreAwayError } from '../models/file-store/file-store-error';

const DISK_FULL = /^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL|53100)$/;
// Of the network, of SQLite, and PostgreSQL's classes "connection exception" and "operator intervention".
const AWAY =
  /^(ECONN\w+|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|EPIPE|EIO|SQLITE_(BUSY|IOERR|CANTOPEN)|08\w{3}|57P\w{2}|53300)$/;

/** The word by which the page tells a customer why there is no file. */
export function detailFileFailureOf(error: unknown): DetailFileFailure {
  if (error instanceof UnwritableLineError) return error.failure;
  if (error instanceof StoreAwayError) return 'unavailable';
  const code = codeOf(error);
  const { name } = error as Error;
  if (DISK_FULL.test(code)) return 'disk_full';
  return name === 'KnexTimeoutError' || AWAY.test(code) ? 'unavailable' : 'unknown';
}
