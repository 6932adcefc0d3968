import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { ZodError } from 'zod';
import { isUnavailable } from '../../lib/outage';
import { OverloadedError } from '../../lib/process/fair-queue';
import { RateLimitExceeded } from '../../lib/redis/rate-limit';
import { log } from '../../log';
import { toLoggedRequest } from './request-log';

/** An error that the visitor may be told about. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** No such page, or somebody else's: nobody can tell the two apart. */
export const createNotFoundError = (message = 'no such page'): HttpError => new HttpError(404, message);

export const handleNotFound: RequestHandler = () => {
  throw createNotFoundError();
};

const ALLOWED_METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST'];

/** Answers 404 to any other method: pages are read, forms are posted. */
export const checkMethod: RequestHandler = (req, _res, next) =>
  next(ALLOWED_METHODS.includes(req.method) ? undefined : createNotFoundError());

const ERROR_PAGES = [403, 404, 413, 422, 429, 500, 503];

/** Headers of a file that then could not be sent: with them a browser would save the error page under its name. */
const FILE_HEADERS = ['Content-Disposition', 'Content-Range', 'Accept-Ranges', 'ETag'];

/** Prepares an answer for somebody who has to wait before the next attempt. */
export const setTooManyRequests = (res: Response, seconds: number): Response =>
  res.status(429).set('Retry-After', String(seconds));

/** An error handler for a form that shows its own page, not the error page, after too many attempts. */
export const handleRateLimit =
  (
    render: (req: Request, res: Response, error: RateLimitExceeded) => void | Promise<void>,
  ): ErrorRequestHandler =>
  async (error: unknown, req, res, next) => {
    if (error instanceof RateLimitExceeded) await render(req, setTooManyRequests(res, error.seconds), error);
    else next(error);
  };

/** Shows what the customer can do; the error goes to the log. A 5xx is logged with the id that its page shows. */
export const showError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const status = getStatus(error);
  if (status >= 500 && !(error instanceof OverloadedError))
    log.error({ err: error, req: toLoggedRequest(req) }, 'request failed');
  // The timeout already answered 503; a keep-alive connection may be serving the next request.
  if (res.writableEnded) return;
  if (res.headersSent) {
    next(error);
    return;
  }
  for (const header of FILE_HEADERS) res.removeHeader(header);
  if (error instanceof RateLimitExceeded) setTooManyRequests(res, error.seconds);
  if (status === 503) res.set('Retry-After', '10');
  const page = ERROR_PAGES.includes(status) ? status : status < 500 ? 404 : 500;
  res.status(page).render(`errors/${page}`, { requestId: req.id });
};

function getStatus(error: unknown): number {
  if (error instanceof RateLimitExceeded) return 429;
  if (isUnavailable(error)) return 503;
  if (error instanceof ZodError) return 422;
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 600 ? status : 500;
}
