import { pino } from 'pino';
import { config } from './config';

/**
 * The log: JSON lines on standard output for the web server and the worker.
 * Secrets and telephone numbers never reach it, whatever object is logged (`digits` are those of a verification code).
 */
export const log = pino({
  level: config.LOG_LEVEL,
  redact: {
    paths: [
      'password',
      'digits',
      'contact_number',
      '*.password',
      '*.digits',
      '*.contact_number',
      '*.number',
      'req.headers.cookie',
      'req.headers.authorization',
      'res.headers["set-cookie"]',
    ],
    censor: '(hidden)',
  },
});
