import { once } from 'node:events';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { log } from '../../log';
import { openFailFastCluster, openBlockingCluster } from './cluster';
import { createRedisClient, redisConnection } from './connection-options';

/**
 * Retries every 0.2 s and gives up on waiting commands after five: a command outlives a restart of Redis,
 * and fails within two seconds of a real outage. A frozen Redis is noticed by the time limits alone.
 */
const failFastOptions = {
  connectTimeout: 2000,
  commandTimeout: 2000,
  socketTimeout: 4000,
  disconnectTimeout: 200,
  retryStrategy: () => 200,
  maxRetriesPerRequest: 5,
} satisfies RedisOptions;

/** A failover takes some seconds, in which the Sentinels still name a master that refuses connections. */
const failFastFailoverOptions = { ...failFastOptions, commandTimeout: 3500, maxRetriesPerRequest: 20 };

const getFailFastOptions = ({ sentinels }: RedisOptions) =>
  sentinels ? failFastFailoverOptions : failFastOptions;

const blockingOptions = {
  connectTimeout: 2000,
  disconnectTimeout: 200,
  retryStrategy: () => 500,
  maxRetriesPerRequest: null,
} satisfies RedisOptions;

/**
 * A frozen or unreachable master closes no connection. One that is silent for longer than a worker blocks for its next job
 * (10 s) is given up, and the Sentinels are asked for the new master.
 */
const blockingFailoverOptions = { ...blockingOptions, socketTimeout: 15_000 };

type Client = Redis | Cluster;

let client: Client | undefined;
let workerClient: Cluster | undefined;

/**
 * The shared connection for sessions, limits and registers, opened at the first call. Commands fail within about 2 s,
 * in a cluster and with Sentinels 3.5 s. One command, one key: a cluster has each elsewhere.
 */
export function getRedis(): Client {
  client ??= openRedis();
  return client;
}

/** Rejects if Redis is unavailable or its cluster is down, which still answers a PING. */
export async function pingRedis(): Promise<void> {
  await getRedis().exists('meisai');
}

function openRedis(): Client {
  const { nodes, options } = redisConnection();
  return logOutages(
    nodes.length > 0
      ? openFailFastCluster(nodes, { ...options, ...failFastOptions })
      : createRedisClient(getFailFastOptions(options)),
  );
}

function logOutages<Told extends Client>(opened: Told): Told {
  let isUnavailable = false;
  opened.on('error', (error: Error) => {
    if (!isUnavailable) log.error({ err: error }, 'Redis is away');
    isUnavailable = true;
  });
  opened.on('ready', () => {
    if (isUnavailable) log.info('Redis is back');
    isUnavailable = false;
  });
  return opened;
}

/**
 * The connection of a BullMQ queue or worker. A worker blocks for its next job, so its connection waits for as long as it
 * takes; a queue that a page adds to fails as quickly as everything else. Connections to a cluster are shared.
 */
export function getQueueConnection(
  role: 'worker' | 'queue' = 'worker',
): Client | (RedisOptions & { url?: string }) {
  const { nodes, options } = redisConnection();
  const blocking = options.sentinels ? blockingFailoverOptions : blockingOptions;
  if (nodes.length === 0)
    return { ...options, ...(role === 'queue' ? getFailFastOptions(options) : blocking) };
  if (role === 'queue') return getRedis();
  workerClient ??= logOutages(openBlockingCluster(nodes, { ...options, ...blockingOptions }));
  return workerClient;
}

/** Ends the shared connections; the next call opens new ones. */
export async function closeRedis(): Promise<void> {
  const closing = [client, workerClient];
  client = workerClient = undefined;
  await Promise.all(closing.map(closeClient));
}

async function closeClient(closing: Client | undefined): Promise<void> {
  if (!closing) return;
  // Between two attempts there is no connection whose end could be awaited.
  const isOpen = !['wait', 'reconnecting', 'close', 'end'].includes(closing.status);
  const ended = isOpen ? once(closing, 'end') : undefined;
  closing.disconnect();
  await ended;
}
