import { pino } from 'pino';
import { config } from './config';

/**
 * The log: JSON lines on standard output for the web server and the worker.
 * Secrets and telephone numbers never reach it, whatever object is logged (`digits` are those of a verification code;
 * in `detail` and `where` of its errors PostgreSQL quotes the row).
 */
export const log = pino({
  level: config.LOG_LEVEL,
  redact: {
    paths: [
      'password',
      'digits',
      'contact_number',
      'telephone',
      'err.detail',
      'err.where',
      '*.password',
      '*.digits',
      '*.contact_number',
      '*.telephone',
      '*.number',
      'req.headers.cookie',
      'req.headers.authorization',
      'res.headers["set-cookie"]',
    ],
    censor: '(hidden)',
  },
});
