import { Router } from 'express';
import { checkHealth } from '../models/health';

/** For load balancers: `live` says that the process answers, `ready` that it can serve customers. */
export const healthRouter = Router();

healthRouter.get('/live', (_req, res) => {
  res.json({ status: 'ok' });
});

healthRouter.get('/ready', async (_req, res) => {
  const { database, redis } = await checkHealth();
  res.status(database && redis ? 200 : 503).json({ database: word(database), redis: word(redis) });
});

const word = (isThere: boolean): string => (isThere ? 'ok' : 'away');
