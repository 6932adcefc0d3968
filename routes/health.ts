import { Router } from 'express';
import { checkHealth } from '../lib/health';

/**
 * For load balancers: `live` says that the process answers, `ready` that it can serve customers, with a word for each
 * part. Without the file store all but downloads goes on: 503 would take every web server away at once.
 */
export const healthRouter = Router();

healthRouter.get('/live', (_req, res) => {
  res.json({ status: 'ok' });
});

healthRouter.get('/ready', async (_req, res) => {
  const health = await checkHealth();
  const words = Object.entries(health).map(([part, isThere]) => [part, isThere ? 'ok' : 'away']);
  res.status(health.database && health.redis ? 200 : 503).json(Object.fromEntries(words));
});
