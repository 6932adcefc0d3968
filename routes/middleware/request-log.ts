import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { log } from '../../log';

declare module 'express-serve-static-core' {
  interface Request {
    /** Error pages show it, the log has it. */
    id: string;
  }
}

/** What the log tells of a request is chosen here, and holds no secret that had to be looked for in every line. */
const requestLogger = log.child({}, { redact: [] });

/** How a request is told in the log. */
export const toLoggedRequest = ({ id, method, originalUrl: url }: Request) => ({ id, method, url });

/** A line for each request, when it has been answered or its client is gone. */
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
