import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { errorCode } from '../lib/process/error-code';
import type { DetailFilePart } from '../models/detail-file/detail-file';
import { fileStore } from '../lib/files/file-store';

/**
 * Answers with a file of the store or the requested range of it, heeding the headers already set (RFC 9110).
 * `onSend` is awaited before bytes go out.
 */
export async function sendStoredFile(
  req: Request,
  res: Response,
  part: DetailFilePart,
  onSend: () => Promise<void>,
): Promise<void> {
  if (req.fresh) {
    res.status(304).end();
    return;
  }
  const range = parseRange(req, res, part);
  if (range === 'unsatisfiable') {
    res.removeHeader('Content-Disposition');
    res.set('Content-Range', `bytes */${part.bytes}`).status(416).end();
    return;
  }
  if (range) res.set('Content-Range', `bytes ${range.start}-${range.end}/${part.bytes}`).status(206);
  res.set('Content-Length', String(range ? range.end - range.start + 1 : part.bytes));
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  const content = await fileStore.open(part.store_key, range);
  await onSend().catch((error: unknown) => {
    content.destroy();
    throw error;
  });
  await pipeToResponse(content, res);
}

async function pipeToResponse(content: Readable, res: Response): Promise<void> {
  // Log, timeout, session and pipeline() all add listeners; Node would warn of a leak that is none.
  res.setMaxListeners(20);
  await pipeline(content, res).catch((error: unknown) => {
    if (!isClientAbort(error)) throw error;
  });
}

/** Recognises a customer who closed the connection, which is no error of ours. */
const isClientAbort = (error: unknown): boolean => errorCode(error) === 'ERR_STREAM_PREMATURE_CLOSE';

/** Returns the one requested range; undefined for the whole file, also if several are requested (RFC 9110 allows it). */
function parseRange(req: Request, res: Response, part: DetailFilePart) {
  const ifRange = req.get('if-range');
  if (ifRange && ifRange !== res.get('ETag')) return undefined;
  const ranges = req.range(part.bytes, { combine: true });
  if (ranges === -1) return 'unsatisfiable';
  const isOne = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1;
  return isOne ? ranges[0] : undefined;
}
