import { pino } from 'pino';
import { config } from './config';

const VERIFICATION_CODE = /^\d{6}$/;

/** Hides a value. The code of an error stays: only a verification code has six digits. */
const hide = (value: unknown, path: string[]): unknown =>
  path.at(-1) === 'code' && !VERIFICATION_CODE.test(String(value)) ? value : '(hidden)';

/**
 * The log: JSON lines on standard output for the web server and the worker. Secrets and telephone numbers never reach it,
 * whatever object is logged. PostgreSQL quotes the row in `detail` and `where` of its errors.
 */
export const log = pino({
  level: config.LOG_LEVEL,
  redact: {
    paths: [
      'password',
      'code',
      'contact_number',
      'telephone',
      'err.detail',
      'err.where',
      '*.password',
      '*.code',
      '*.contact_number',
      '*.telephone',
      '*.number',
      'req.headers.cookie',
      'req.headers.authorization',
      'res.headers["set-cookie"]',
    ],
    censor: hide,
  },
});
