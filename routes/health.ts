import { Router } from 'express';
import { checkHealth } from '../models/health';

/** For load balancers: `live` says that the process answers, `ready` that it can serve customers. */
export const healthRouter = Router();

healthRouter.get('/live', (_req, res) => {
  res.json({ status: 'ok' });
});

healthRouter.get('/ready', async (_req, res) => {
  const parts = Object.entries(await checkHealth());
  const isReady = parts.every(([, isThere]) => isThere);
  res
    .status(isReady ? 200 : 503)
    .json(Object.fromEntries(parts.map(([part, isThere]) => [part, isThere ? 'ok' : 'away'])));
});
