import { existsSync } from 'node:fs';
import { z } from 'zod';

const CLUSTER = /^(rediss?)-cluster:\/\/(?:([^@/]*)@)?([^@/]+)\/?$/;
const SENTINEL = /^(rediss?)-sentinel:\/\/(?:([^@/]*)@)?([^@/]+)\/([\w.-]+)$/;
const URL_FORMS =
  'redis://HOST:PORT, redis-cluster://HOST:PORT,HOST:PORT,…, redis-sentinel://HOST:PORT,HOST:PORT,…/MASTER ' +
  'or, with TLS, rediss://…, rediss-cluster://… or rediss-sentinel://…';

/** The addresses `redis://…` of the nodes of a cluster that a URL names; none if it names no cluster. */
export function parseClusterNodes(url: string): string[] {
  const [, scheme = '', user = '', hosts = ''] = CLUSTER.exec(url) ?? [];
  if (scheme === '') return [];
  return hosts.split(',').map((host) => `${scheme}://${user && `${user}@`}${host}`);
}

export interface SentinelUrl {
  /** `redis://USER:PASSWORD@HOST:PORT` of each Sentinel; user and password are those of Redis. */
  sentinels: string[];
  /** The name by which they monitor the master. */
  master: string;
}

/** The Sentinels that a URL names; undefined if it names none. */
export function parseSentinelUrl(url: string): SentinelUrl | undefined {
  const [, scheme = '', user = '', hosts = '', master = ''] = SENTINEL.exec(url) ?? [];
  if (scheme === '') return undefined;
  return { sentinels: hosts.split(',').map((host) => `${scheme}://${user && `${user}@`}${host}`), master };
}

const isRedisUrl = (url: string) =>
  /^rediss?:\/\/.+$/.test(url) ||
  areHosts(parseClusterNodes(url)) ||
  areHosts(parseSentinelUrl(url)?.sentinels ?? []);

const areHosts = (urls: string[]) =>
  urls.length > 0 && urls.every((url) => URL.canParse(url) && new URL(url).hostname !== '');

/** Settings of the connection to Redis, for the schema of all settings. */
export const redisSettings = {
  REDIS_URL: z.string().refine(isRedisUrl, URL_FORMS).optional(),
  REDIS_SENTINEL_PASSWORD: z.string().optional(),
  REDIS_TLS_CA: z.string().optional(),
  REDIS_TLS_CERT: z.string().optional(),
  REDIS_TLS_KEY: z.string().optional(),
};

const FILES = ['REDIS_TLS_CA', 'REDIS_TLS_CERT', 'REDIS_TLS_KEY'];

/** The faults of the certificates for Redis, one line each. */
export function findRedisSettingErrors(env: NodeJS.ProcessEnv): string[] {
  const given = FILES.filter((name) => env[name]);
  const missing = given.filter((name) => !existsSync(env[name] ?? ''));
  const errors = missing.map((name) => `${name}=${JSON.stringify(env[name])}: no such file`);
  if (Boolean(env.REDIS_TLS_CERT) !== Boolean(env.REDIS_TLS_KEY))
    errors.push('REDIS_TLS_CERT and REDIS_TLS_KEY: give both or none');
  if (given.length > 0 && !env.REDIS_URL?.startsWith('rediss'))
    errors.push(`${given.join(', ')}: only with a REDIS_URL that begins with rediss`);
  return errors;
}
