import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { pinoHttp } from 'pino-http';
import { config } from '../config';
import { log } from '../log';
import { HttpError } from './errors';

/** A line a request, with an id that error pages show; health checks and files are not told. */
export const requestLog = (): RequestHandler =>
  pinoHttp({
    logger: log,
    genReqId: () => randomUUID(),
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'error' : 'info'),
    serializers: {
      req: (req: { id: string; method: string; url: string }) => ({
        id: req.id,
        method: req.method,
        url: req.url,
      }),
      res: (res: { statusCode: number }) => ({ status: res.statusCode }),
    },
  });

/** Nothing but our own style, scripts, pictures and forms; HSTS only where TLS is served. */
export const securityHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: config.isSecure && { maxAge: 31_536_000 },
    crossOriginEmbedderPolicy: false,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
  });

/** Personal pages stay out of every cache; a download sets its own. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

const LONGEST_WAIT = 4500;

/** No request hangs: what has no answer by then gets a 503, and its late answer is dropped. */
export const deadline: RequestHandler = (_req, res, next) => {
  const timer = setTimeout(() => {
    if (!res.headersSent) next(new HttpError(503, 'no answer in time'));
  }, LONGEST_WAIT);
  res.once('close', () => clearTimeout(timer));
  next();
};
