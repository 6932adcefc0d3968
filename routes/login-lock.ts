import type { Request } from 'express';
import { toClientKey } from '../lib/values/client-address';
import { now } from '../lib/values/clock';
import { LOCK_WINDOW_MS, MAX_TRIES } from '../models/sign-in/attempt-limit';
import { listEventsSince } from '../models/sign-in/audit';
import { getClientKey } from './client';
import { recordEvent } from './sign-in';

/** Writes the one event of a lock when it begins, with the times of this client's failures that led to it. */
export async function recordLock(req: Request, loginId: string): Promise<void> {
  const events = await listEventsSince(loginId, ['login_failed'], now() - LOCK_WINDOW_MS);
  const led = events.filter(({ address }) => toClientKey(address) === getClientKey(req));
  await recordEvent(req, 'login_locked', { failures: led.slice(0, MAX_TRIES).map(({ at }) => at) }, loginId);
}
