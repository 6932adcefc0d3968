import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { config } from '../../config';
import { parseClusterNodes, parseSentinelUrl, type SentinelUrl } from '../settings/redis-url';

const MAX_SOCKET_PATH = 100;

/** Where the private Redis listens; a socket's path cannot be long, so a deep DATA_DIR gets one in the temporary folder. */
export function getPrivateRedisSocket(): string {
  const socket = path.join(config.DATA_DIR, 'redis', 'redis.sock');
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH) return socket;
  const name = createHash('sha256').update(config.DATA_DIR).digest('hex').slice(0, 16);
  return path.join(tmpdir(), `meisai-${name}.sock`);
}

/** Where Redis is: at `nodes` of a cluster, which know the others, or in `options` of ioredis. */
export interface RedisConnection {
  nodes: string[];
  options: RedisOptions & { url?: string };
}

/** By the settings; the files of certificates are read here. */
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

/** One connection of ioredis, in a cluster to this node or the first. */
export function createRedisClient(options: RedisOptions, node?: string): Redis {
  const { nodes, options: place } = redisConnection();
  const { url = node ?? nodes[0], ...rest } = place;
  return url === undefined ? new Redis({ ...rest, ...options }) : new Redis(url, { ...rest, ...options });
}

const SENTINEL_PORT = 26_379;

/** For ioredis to find the master, and each that is made one later. */
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

/** The other nodes of a cluster know the same user. */
function parseCredentials(node: string): { username?: string; password?: string } {
  const { username, password } = new URL(node);
  if (password === '') return {};
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}
