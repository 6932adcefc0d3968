import compression from 'compression';
import type { Response } from 'express';

/**
 * Compresses what a signed-in customer reads. Such an answer to a GET repeats nothing of the request, so that nobody
 * can find out its secrets by what they have it repeat (BREACH); answers to forms and the logins do, and stay plain, as
 * do downloads, which can be asked for in parts.
 */
export const compressPages = compression({
  filter: (req, res: Response) =>
    req.method === 'GET' && String(res.getHeader('Content-Type')).startsWith('text/html'),
});
