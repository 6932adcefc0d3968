import { Router } from 'express';
import { checkHealth } from '../lib/health';

/**
 * Reports for load balancers: `live` says that the process answers, `ready` that it can serve customers, with a word for
 * each part. A missing file store is no reason for a 503, which would take every web server out of service at once:
 * everything except downloads still works.
 */
export const healthRouter = Router();

healthRouter.get('/live', (_req, res) => {
  res.json({ status: 'ok' });
});

healthRouter.get('/ready', async (_req, res) => {
  const health = await checkHealth();
  const words = Object.entries(health).map(([part, isAvailable]) => [
    part,
    isAvailable ? 'ok' : 'unavailable',
  ]);
  res.status(health.database && health.redis ? 200 : 503).json(Object.fromEntries(words));
});
