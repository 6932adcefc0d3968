import { RedisStore } from 'connect-redis';
import type { Request } from 'express';
import type { Session, SessionData } from 'express-session';
import { getRedis } from './redis';
import { SESSION_IDLE_SECONDS, SESSION_PREFIX } from './session-index';

type Done = (error?: unknown) => void;

/**
 * Sessions in Redis, for 30 minutes after their last use. A session that was read from Redis is only written while it still
 * exists, so a slow response that began before a logout does not bring it back.
 */
export class SessionStore extends RedisStore {
  private readonly stored = new WeakSet<object>();

  constructor() {
    super({ client: getRedis(), prefix: SESSION_PREFIX });
    // It would ask Redis once more at each request and delay the end of each page until it answers. A session in use is
    // written once a minute because of its `seen_at`, and that renews its lifetime too.
    Object.assign(this, { touch: undefined });
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const session = super.createSession(req, data);
    this.stored.add(session);
    return session;
  }

  override async set(id: string, session: SessionData, done: Done = () => undefined): Promise<void> {
    try {
      const [key, value] = [SESSION_PREFIX + id, JSON.stringify(session)];
      if (this.stored.has(session)) await getRedis().set(key, value, 'EX', SESSION_IDLE_SECONDS, 'XX');
      else await getRedis().set(key, value, 'EX', SESSION_IDLE_SECONDS);
      this.stored.add(session);
      done();
    } catch (error) {
      done(error);
    }
  }
}
