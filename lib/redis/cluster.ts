import { Cluster, type ClusterOptions, type RedisOptions } from 'ioredis';

/**
 * A master that has started again answers CLUSTERDOWN for 2 s; no page waits longer than 4.5 s. Tries go on every
 * 0.1 s until then, at any other error than CLUSTERDOWN and a closed connection they end at once.
 */
const TIMEOUT_MS = 3500;
const MAX_TRIES = 100;

type SendCommandArgs = Parameters<Cluster['sendCommand']>;

/** As the other connections of pages, it answers or fails in time, also while it knows no node. */
class FailFastCluster extends Cluster {
  override sendCommand(...[command, stream, node]: SendCommandArgs): unknown {
    command.setTimeout(TIMEOUT_MS);
    return super.sendCommand(command, stream, node);
  }
}

const defaultOptions = {
  // A certificate is for a name: it must not become a number.
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
