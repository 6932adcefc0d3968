import { Cluster, type ClusterOptions, type RedisOptions } from 'ioredis';

/**
 * A master that has started again answers CLUSTERDOWN for 2 s; no page waits longer than 4.5 s. Tries go on every
 * 0.1 s until then, at any other error than CLUSTERDOWN and a closed connection they end at once.
 */
const LONGEST_MS = 3500;
const MOST_TRIES = 100;

type Sending = Parameters<Cluster['sendCommand']>;

/** As the other connections of pages, it answers or fails in time, also while it knows no node. */
class ImpatientCluster extends Cluster {
  override sendCommand(...[command, stream, node]: Sending): unknown {
    command.setTimeout(LONGEST_MS);
    return super.sendCommand(command, stream, node);
  }
}

const usual = {
  // A certificate is for a name: it must not become a number.
  dnsLookup: (host, done) => done(null, host),
  slotsRefreshTimeout: 2000,
  slotsRefreshInterval: 5000,
  maxRedirections: MOST_TRIES,
} satisfies ClusterOptions;

type NodeOptions = Omit<RedisOptions, 'replyMapping'>;

/** For pages: sessions, limits, registers, and the queues that they add to. */
export const openImpatientCluster = (nodes: string[], options: NodeOptions): Cluster =>
  new ImpatientCluster(nodes, {
    ...usual,
    redisOptions: { ...options, commandTimeout: LONGEST_MS },
    clusterRetryStrategy: () => 200,
  });

/** For workers, which wait as long as it takes. */
export const openPatientCluster = (nodes: string[], options: NodeOptions): Cluster =>
  new Cluster(nodes, { ...usual, redisOptions: options, clusterRetryStrategy: () => 500 });
