import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { log } from '../../log';

declare module 'express-serve-static-core' {
  interface Request {
    /** Shown on error pages, so that the log entry can be found. */
    id: string;
  }
}

/** The fields are chosen here and contain no secrets, so redaction would only cost time. */
const requestLogger = log.child({}, { redact: [] });

/** The fields of a request in the log. */
export const toLoggedRequest = ({ id, method, originalUrl: url }: Request) => ({ id, method, url });

/** Logs each request once, when it has been answered or its client has disconnected. */
export const requestLog: RequestHandler = (req, res, next) => {
  const started = Date.now();
  req.id = randomUUID();
  res.once('close', () => {
    const level = res.statusCode >= 500 ? 'error' : 'info';
    const responseTime = Date.now() - started;
    requestLogger[level](
      { req: toLoggedRequest(req), res: { status: res.statusCode }, responseTime },
      res.writableFinished ? 'request completed' : 'request aborted',
    );
  });
  next();
};
