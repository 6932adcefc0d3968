import type { RequestHandler } from 'express';
import { waitForWriteLock } from '../../models/call/wait-for-import';
import { isWrite } from './request-timeout';

/**
 * Holds requests that write while an import writes into SQLite. They wait here, before they take a connection: eight
 * customers logging in would leave none for those who only read.
 */
export const waitForImport: RequestHandler = async (req, res, next) => {
  if (isWrite(req)) await waitForWriteLock();
  if (!res.headersSent) next();
};
