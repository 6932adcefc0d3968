import { isUnavailable, isDiskFull } from '../../lib/outage';
import type { DetailFileFailure } from '../../models/detail-file/detail-file';
import { UnwritableLineError } from '../../models/detail-file/content/lines';

/** The word by which the page tells a customer why there is no file. */
export function toDetailFileFailure(error: unknown): DetailFileFailure {
  if (error instanceof UnwritableLineError) return error.failure;
  if (isDiskFull(error)) return 'disk_full';
  return isUnavailable(error) ? 'unavailable' : 'unknown';
}
