import type { ErrorRequestHandler, RequestHandler } from 'express';
import { ZodError } from 'zod';
import { log } from '../../log';
import { RateLimitExceeded } from '../../models/sign-in/rate-limit';
import { isUnavailable } from '../../lib/outage';
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

/** No such page, or somebody else's: the two are alike. */
export const createNotFoundError = (message = 'no such page'): HttpError => new HttpError(404, message);

export const handleNotFound: RequestHandler = () => {
  throw createNotFoundError();
};

const ALLOWED_METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST'];

/** Pages are read, forms are posted: nothing is there for any other method. */
export const checkMethod: RequestHandler = (req, _res, next) =>
  next(ALLOWED_METHODS.includes(req.method) ? undefined : createNotFoundError());

const ERROR_PAGES = [403, 404, 413, 422, 429, 500, 503];

/** Set for a file that then could not be sent: a browser would save the error page under its name. */
const FILE_HEADERS = ['Content-Disposition', 'Content-Range', 'Accept-Ranges', 'ETag'];

/** Words for what the customer can do; the log has the error. A 5xx is logged with the id that its page shows. */
export const showError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const status = getStatus(error);
  if (status >= 500) log.error({ err: error, req: toLoggedRequest(req) }, 'request failed');
  // Of a request that has had its 503 long since: the connection may be in use for the next.
  if (res.writableEnded) return;
  if (res.headersSent) {
    next(error);
    return;
  }
  for (const header of FILE_HEADERS) res.removeHeader(header);
  if (error instanceof RateLimitExceeded) res.set('Retry-After', String(error.seconds));
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
