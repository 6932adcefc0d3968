import type { Request, RequestHandler } from 'express';
import { HttpError } from './errors';

const MAX_READ_MS = 4500;
/** Somewhat longer than a change waits for an import to release the write lock. */
const MAX_WRITE_MS = 22_000;
/** A GET that writes: a download into the audit log, a trusted device's next token. */
const WRITING_GET = /\/(download|verification)\/?$/;

/** Whether a request writes into the database. */
export const isWrite = ({ method, path }: Request): boolean => method === 'POST' || WRITING_GET.test(path);

/** Answers 503 to a request that takes too long; its late answer is dropped. */
export const requestTimeout: RequestHandler = (req, res, next) => {
  const timer = setTimeout(
    () => {
      if (!res.headersSent) next(new HttpError(503, 'no answer in time'));
    },
    isWrite(req) ? MAX_WRITE_MS : MAX_READ_MS,
  );
  res.once('close', () => clearTimeout(timer));
  next();
};
