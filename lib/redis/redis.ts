import { once } from 'node:events';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { log } from '../../log';
import { openImpatientCluster, openPatientCluster } from './cluster';
import { connectionToRedis, redisPlace } from './connection-options';

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

/** A failover takes its Sentinels some seconds, in which the master that they name refuses connections. */
const impatientOfFailover = { ...impatient, commandTimeout: 3500, maxRetriesPerRequest: 20 };

const impatienceOf = ({ sentinels }: RedisOptions) => (sentinels ? impatientOfFailover : impatient);

const patient = {
  connectTimeout: 2000,
  disconnectTimeout: 200,
  retryStrategy: () => 500,
  maxRetriesPerRequest: null,
} satisfies RedisOptions;

/**
 * A master that is frozen or cut off closes no connection: one that says nothing for longer than a worker blocks for its
 * next job (10 s) is given up, and the Sentinels are asked who has taken its place.
 */
const patientOfFailover = { ...patient, socketTimeout: 15_000 };

type Client = Redis | Cluster;

let client: Client | undefined;
let workersClient: Cluster | undefined;

/**
 * The shared connection for sessions, limits and registers, opened at the first call. Commands fail within about 2 s,
 * in a cluster and with Sentinels 3.5 s. One command, one key: a cluster has each elsewhere.
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
      : connectionToRedis(impatienceOf(options)),
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
  const patience = options.sentinels ? patientOfFailover : patient;
  if (nodes.length === 0) return { ...options, ...(role === 'queue' ? impatienceOf(options) : patience) };
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
