import { once } from 'node:events';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { log } from '../log';
import { openImpatientCluster, openPatientCluster } from './redis/cluster';
import { connectionToRedis, redisPlace } from './redis/place';

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

const patient = {
  connectTimeout: 2000,
  disconnectTimeout: 200,
  retryStrategy: () => 500,
  maxRetriesPerRequest: null,
} satisfies RedisOptions;

type Client = Redis | Cluster;

let client: Client | undefined;
let workersClient: Cluster | undefined;

/**
 * The shared connection for sessions, limits and registers, opened at the first call. Commands fail within about 2 s,
 * in a cluster 3.5 s. One command, one key: a cluster has each elsewhere.
 */
export function redis(): Client {
  client ??= openRedis();
  return client;
}

/** Rejects where Redis is away, or the cluster down: a PING is answered even then. */
export async function pingRedis(): Promise<void> {
  await redis().exists('meisai');
}

function openRedis(): Client {
  const { nodes, options } = redisPlace();
  return tellWhenAway(
    nodes.length > 0
      ? openImpatientCluster(nodes, { ...options, ...impatient })
      : connectionToRedis(impatient),
  );
}

function tellWhenAway<Told extends Client>(opened: Told): Told {
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
 * What a BullMQ queue or worker connects by. A worker's must wait as long as it takes, because it blocks for the next
 * job; a queue that a page adds to should fail as quickly as everything else. A cluster's connections are shared.
 */
export function queueConnection(
  role: 'worker' | 'queue' = 'worker',
): Client | (RedisOptions & { url?: string }) {
  const { nodes, options } = redisPlace();
  if (nodes.length === 0) return { ...options, ...(role === 'queue' ? impatient : patient) };
  if (role === 'queue') return redis();
  workersClient ??= tellWhenAway(openPatientCluster(nodes, { ...options, ...patient }));
  return workersClient;
}

/** Ends the shared connections; the next call opens others. */
export async function closeRedis(): Promise<void> {
  const closing = [client, workersClient];
  client = workersClient = undefined;
  await Promise.all(closing.map(closeClient));
}

async function closeClient(closing: Client | undefined): Promise<void> {
  if (!closing) return;
  // Between two tries there is no connection whose end could be waited for.
  const isOpen = !['wait', 'reconnecting', 'close', 'end'].includes(closing.status);
  const ended = isOpen ? once(closing, 'end') : undefined;
  closing.disconnect();
  await ended;
}
