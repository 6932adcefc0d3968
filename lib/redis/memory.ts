import { Cluster } from 'ioredis';
import { log } from '../../log';
import { getRedis } from './redis';

/** From this share of its memory on, the operator is warned: a full Redis lets nobody log in. */
const WARN_AT = 0.8;

export interface RedisMemory {
  /** Bytes; in a cluster those of its fullest master. */
  used: number;
  /** Bytes; 0 if Redis has no limit of its own. */
  limit: number;
  isNearlyFull: boolean;
}

export async function readRedisMemory(): Promise<RedisMemory> {
  const redis = getRedis();
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const memories = await Promise.all(nodes.map(async (node) => parseMemory(await node.info('memory'))));
  const [fullest] = memories.sort((a, b) => getShare(b) - getShare(a));
  return fullest ?? { used: 0, limit: 0, isNearlyFull: false };
}

function parseMemory(info: string): RedisMemory {
  const readField = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const memory = { used: readField('used_memory'), limit: readField('maxmemory') };
  return { ...memory, isNearlyFull: getShare(memory) >= WARN_AT };
}

const getShare = ({ used, limit }: Pick<RedisMemory, 'used' | 'limit'>): number =>
  limit === 0 ? 0 : used / limit;

let wasNearlyFull = false;

/** Warns the operator once when Redis is nearly full, and says when it no longer is. */
export async function warnOfFullRedis(): Promise<void> {
  const { used, limit, isNearlyFull } = await readRedisMemory();
  if (isNearlyFull && !wasNearlyFull)
    log.warn({ used, limit }, 'Redis is nearly full: nobody can log in when it is');
  if (!isNearlyFull && wasNearlyFull) log.info({ used, limit }, 'Redis has room again');
  wasNearlyFull = isNearlyFull;
}
