import type { Request, RequestHandler } from 'express';
import { waitForWriteLock } from '../../models/call/wait-for-import';
import { HttpError } from './errors';

const MAX_WAIT_MS = 4500;
/** Somewhat more than untilWritable() waits. */
const MAX_CHANGE_MS = 22_000;
/** These are asked for by GET, but noted: in the audit log, and a device that needs no code. */
const WRITING_GET = /\/(download|verification)\/?$/;

const isChange = ({ method, path }: Request): boolean => method === 'POST' || WRITING_GET.test(path);

/** No request hangs: what has no answer by then gets a 503, and its late answer is dropped. */
export const requestTimeout: RequestHandler = (req, res, next) => {
  const timer = setTimeout(
    () => {
      if (!res.headersSent) next(new HttpError(503, 'no answer in time'));
    },
    isChange(req) ? MAX_CHANGE_MS : MAX_WAIT_MS,
  );
  res.once('close', () => clearTimeout(timer));
  next();
};

/**
 * Changes wait here while an import writes into SQLite, before they have a connection: eight customers who log in would
 * leave none for those who only read.
 */
export const holdWritesDuringImport: RequestHandler = async (req, res, next) => {
  if (isChange(req)) await waitForWriteLock();
  if (!res.headersSent) next();
};
