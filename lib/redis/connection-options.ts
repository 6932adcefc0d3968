import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { config } from '../../config';
import { parseClusterNodes, parseSentinelUrl, type SentinelUrl } from '../settings/redis-url';

const MAX_SOCKET_PATH = 100;

/** The socket of the private Redis. Its path must be short, so a deep DATA_DIR gets one in the temporary folder. */
export function getPrivateRedisSocket(): string {
  const socket = path.join(config.DATA_DIR, 'redis', 'redis.sock');
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH) return socket;
  const name = hash('sha256', config.DATA_DIR).slice(0, 16);
  return path.join(tmpdir(), `meisai-${name}.sock`);
}

/** The address of Redis: some `nodes` of a cluster, which know the others, or `options` of ioredis. */
export interface RedisConnection {
  nodes: string[];
  options: RedisOptions & { url?: string };
}

/** Reads the connection from the settings, and the files of certificates. */
export function redisConnection(): RedisConnection {
  const { REDIS_URL: url } = config;
  if (url === undefined) return { nodes: [], options: { path: getPrivateRedisSocket() } };
  const tls = url.startsWith('rediss') ? { tls: readCertificates() } : {};
  const sentinel = parseSentinelUrl(url);
  if (sentinel) return { nodes: [], options: buildSentinelOptions(sentinel, tls.tls) };
  const nodes = parseClusterNodes(url);
  const [first] = nodes;
  return { nodes, options: { ...(first === undefined ? { url } : parseCredentials(first)), ...tls } };
}

/** Opens one connection; in a cluster to this node, or else to the first. */
export function createRedisClient(options: RedisOptions, node?: string): Redis {
  const { nodes, options: connection } = redisConnection();
  const { url = node ?? nodes[0], ...rest } = connection;
  return url === undefined ? new Redis({ ...rest, ...options }) : new Redis(url, { ...rest, ...options });
}

const SENTINEL_PORT = 26_379;

/** Lets ioredis find the current master, and its successor after a failover. */
function buildSentinelOptions(
  { sentinels, master }: SentinelUrl,
  tls: RedisOptions['tls'] | undefined,
): RedisOptions {
  const { REDIS_SENTINEL_PASSWORD: sentinelPassword } = config;
  return {
    name: master,
    sentinels: sentinels.map(parseAddress),
    ...parseCredentials(sentinels[0] ?? ''),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    ...(tls && { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
    sentinelCommandTimeout: 1000,
  };
}

function parseAddress(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || SENTINEL_PORT) };
}

function readCertificates() {
  const { REDIS_TLS_CA, REDIS_TLS_CERT, REDIS_TLS_KEY } = config;
  const [ca, cert, key] = [REDIS_TLS_CA, REDIS_TLS_CERT, REDIS_TLS_KEY].map((file) =>
    file === undefined ? undefined : readFileSync(file),
  );
  return { ca, cert, key };
}

/** All nodes of a cluster and all Sentinels share one user. */
function parseCredentials(node: string): { username?: string; password?: string } {
  const { username, password } = new URL(node);
  if (password === '') return {};
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}
