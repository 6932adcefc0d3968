import { Cluster, type ClusterOptions, type RedisOptions } from 'ioredis';

/**
 * A restarted master answers CLUSTERDOWN for 2 s, and no page may wait longer than 4.5 s. Commands are retried every 0.1 s
 * until then after CLUSTERDOWN or a closed connection; any other error ends them at once.
 */
const TIMEOUT_MS = 3500;
const MAX_TRIES = 100;

type SendCommandArgs = Parameters<Cluster['sendCommand']>;

/** Answers or fails in time, like the other connections of pages, even while it knows no node. */
class FailFastCluster extends Cluster {
  override sendCommand(...[command, stream, node]: SendCommandArgs): unknown {
    command.setTimeout(TIMEOUT_MS);
    return super.sendCommand(command, stream, node);
  }
}

const defaultOptions = {
  // Certificates are issued for names, so names must not be resolved to addresses.
  dnsLookup: (host, done) => done(null, host),
  slotsRefreshTimeout: 2000,
  slotsRefreshInterval: 5000,
  maxRedirections: MAX_TRIES,
} satisfies ClusterOptions;

type NodeOptions = Omit<RedisOptions, 'replyMapping'>;

/** For pages: sessions, limits, registers, and the queues that they add to. */
export const openFailFastCluster = (nodes: string[], options: NodeOptions): Cluster =>
  new FailFastCluster(nodes, {
    ...defaultOptions,
    redisOptions: { ...options, commandTimeout: TIMEOUT_MS },
    clusterRetryStrategy: () => 200,
  });

/** For workers, which wait as long as it takes. */
export const openBlockingCluster = (nodes: string[], options: NodeOptions): Cluster =>
  new Cluster(nodes, { ...defaultOptions, redisOptions: options, clusterRetryStrategy: () => 500 });
