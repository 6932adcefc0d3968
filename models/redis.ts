import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { config } from '../config';
import { log } from '../log';

const LONGEST_SOCKET_PATH = 100;

/**
 * Retries every 0.2 s and gives up on waiting commands after five: a command outlives a restart of Redis,
 * and fails within two seconds of a real outage. A frozen Redis is noticed by the time limits alone.
 */
const impatient = {
  connectTimeout: 2000,
  commandTimeout: 2000,
  socketTimeout: 4000,
  disconnectTimeout: 200,
  retryStrategy: () => 200,
  maxRetriesPerRequest: 5,
} satisfies RedisOptions;

let client: Redis | undefined;

/** Where the private Redis listens; a socket's path cannot be long, so a deep DATA_DIR gets one in the temporary folder. */
export function privateRedisSocket(): string {
  const socket = path.join(config.DATA_DIR, 'redis', 'redis.sock');
  if (Buffer.byteLength(socket) <= LONGEST_SOCKET_PATH) return socket;
  const name = createHash('sha256').update(config.DATA_DIR).digest('hex').slice(0, 16);
  return path.join(tmpdir(), `meisai-${name}.sock`);
}

const contentOf = (file?: string) => (file === undefined ? undefined : readFileSync(file));

/** Where Redis is, as options of ioredis; the files of certificates are read here. */
export function redisPlace(): RedisOptions & { url?: string } {
  if (!config.REDIS_URL) return { path: privateRedisSocket() };
  if (!config.REDIS_URL.startsWith('rediss')) return { url: config.REDIS_URL };
  const { REDIS_TLS_CA, REDIS_TLS_CERT, REDIS_TLS_KEY } = config;
  const [ca, cert, key] = [REDIS_TLS_CA, REDIS_TLS_CERT, REDIS_TLS_KEY].map(contentOf);
  return { url: config.REDIS_URL, tls: { ca, cert, key } };
}

/** A client of ioredis with these options besides. */
export function newRedis(options: RedisOptions): Redis {
  const { url, ...place } = redisPlace();
  return url === undefined ? new Redis({ ...place, ...options }) : new Redis(url, { ...place, ...options });
}

/** The shared connection for sessions, limits and registers, opened at the first call. Commands fail within about 2 s. */
export function redis(): Redis {
  client ??= openRedis();
  return client;
}

/** Rejects where Redis is away. */
export async function pingRedis(): Promise<void> {
  await redis().ping();
}

function openRedis(): Redis {
  const opened = newRedis(impatient);
  let away = false;
  opened.on('error', (error: Error) => {
    if (!away) log.error({ err: error }, 'Redis is away');
    away = true;
  });
  opened.on('ready', () => {
    if (away) log.info('Redis is back');
    away = false;
  });
  return opened;
}

/**
 * Options of a BullMQ connection. A worker's must wait as long as it takes, because it blocks for the next job;
 * a queue that a page adds to should fail as quickly as everything else.
 */
export function queueConnection(role: 'worker' | 'queue' = 'worker'): RedisOptions & { url?: string } {
  if (role === 'queue') return { ...redisPlace(), ...impatient };
  return {
    ...redisPlace(),
    connectTimeout: 2000,
    disconnectTimeout: 200,
    retryStrategy: () => 500,
    maxRetriesPerRequest: null,
  };
}

/** Ends the shared connection; the next call of redis() opens another. */
export async function closeRedis(): Promise<void> {
  const closing = client;
  client = undefined;
  if (!closing) return;
  // Between two tries there is no connection whose end could be waited for.
  const isOpen = !['wait', 'reconnecting', 'close', 'end'].includes(closing.status);
  const ended = isOpen ? once(closing, 'end') : undefined;
  closing.disconnect();
  await ended;
}
