import { hash } from 'node:crypto';
import { now } from '../values/clock';
import { getRedis } from './redis';

/** More keys than this are not kept by a counter: the oldest go, so that no flood of clients fills Redis. */
export const MAX_COUNTED_KEYS = 5000;

/**
 * Each counter is spread over this many hashes. One of at most 100 fields is packed by Redis (30 bytes a field), finds
 * its oldest field quickly, and is one key on one node of a Redis Cluster.
 */
const SHARDS = 50;

/** What is counted: a subject, such as a login, by itself or together with the client that tries it. */
export interface CounterKey {
  subject?: string;
  client?: string;
}

export interface Count {
  count: number;
  /** Milliseconds until it ends. */
  wait: number;
}

export interface CounterOptions {
  /** How long a key is counted, from its first attempt. */
  seconds: number;
  /** By default MAX_COUNTED_KEYS. Infinity only where the subjects themselves are limited, such as the logins there are. */
  maxKeys?: number;
  /** The count at which the time begins anew, as a lock that begins with the last attempt. */
  restartAt?: number;
}

interface CounterCommands {
  meisaiCount(key: string, ...args: (string | number)[]): Promise<[count: number, expires: number]>;
}

/** A field is `count:expiry in seconds`. An expiry that is too far off is of a clock that has been set back. */
const COUNT_SCRIPT = `
local key, field = KEYS[1], ARGV[1]
local points, time, seconds = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local most, restart_at = tonumber(ARGV[5]), tonumber(ARGV[6])
local function read(value)
  local count, expires = string.match(value, '^(%d+):(%d+)$')
  expires = tonumber(expires)
  if expires <= time or expires > time + seconds then return end
  return tonumber(count), expires
end
local stored = redis.call('HGET', key, field)
local count, expires
if stored then count, expires = read(stored) end
count = (count or 0) + points
if not expires or (points > 0 and count == restart_at) then expires = time + seconds end
if count <= 0 then
  redis.call('HDEL', key, field)
  return {0, time}
end
if not stored and most > 0 and redis.call('HLEN', key) >= most then
  local all, oldest, oldest_expires = redis.call('HGETALL', key), nil, nil
  for at = 1, #all, 2 do
    local _, its_expires = read(all[at + 1])
    if not its_expires then redis.call('HDEL', key, all[at])
    elseif not oldest or its_expires < oldest_expires then oldest, oldest_expires = all[at], its_expires end
  end
  if redis.call('HLEN', key) >= most then redis.call('HDEL', key, oldest) end
end
redis.call('HSET', key, field, string.format('%d:%d', count, expires))
redis.call('EXPIRE', key, seconds)
return {count, expires}`;

const DIGEST_LENGTH = 8;

/** Redis only sees digests, because customers type passwords into the wrong field. */
const digestPart = (part: string): string => hash('sha256', part, 'base64url').slice(0, DIGEST_LENGTH);

const getSeconds = (): number => Math.floor(now() / 1000);

/**
 * Counts attempts in Redis, for a limited time and of a limited number of keys. It fails closed: without Redis its calls
 * throw.
 */
export class CappedCounter {
  private readonly seconds: number;
  private readonly maxFields: number;
  private readonly restartAt: number;

  constructor(
    private readonly name: string,
    { seconds, maxKeys = MAX_COUNTED_KEYS, restartAt = 0 }: CounterOptions,
  ) {
    this.seconds = seconds;
    this.maxFields = Number.isFinite(maxKeys) ? Math.ceil(maxKeys / SHARDS) : 0;
    this.restartAt = restartAt;
  }

  /** Counts an attempt, or takes one back with -1. Returns the count with it. */
  async add(key: CounterKey, points = 1): Promise<Count> {
    const field = toField(key);
    const [count, expires] = await getCommands().meisaiCount(
      this.getShardKey(getShard(field)),
      ...[field, points, getSeconds(), this.seconds, this.maxFields, this.restartAt],
    );
    return { count, wait: toWait(expires) };
  }

  async get(key: CounterKey): Promise<Count> {
    const field = toField(key);
    return this.read((await getRedis().hget(this.getShardKey(getShard(field)), field)) ?? '');
  }

  async delete(key: CounterKey): Promise<void> {
    const field = toField(key);
    await getRedis().hdel(this.getShardKey(getShard(field)), field);
  }

  /** Deletes every count of a subject with any client, or of a client with any subject. */
  async deleteAll({ subject, client }: CounterKey): Promise<void> {
    const isMatch = (field: string) =>
      (subject !== undefined && field.startsWith(digestPart(subject))) ||
      (client !== undefined && field.endsWith(digestPart(client)));
    for (const [shard, fields] of await this.readShards()) {
      const matching = Object.keys(fields).filter(isMatch);
      if (matching.length > 0) await getRedis().hdel(shard, ...matching);
    }
  }

  /** The counts that have not ended, by the digests of their subjects; the largest of each subject. */
  async listBySubject(): Promise<CountsBySubject> {
    const counts = new Map<string, Count>();
    for (const [, fields] of await this.readShards())
      for (const [field, value] of Object.entries(fields)) {
        const subject = field.slice(0, DIGEST_LENGTH);
        const count = this.read(value);
        if (count.count > (counts.get(subject)?.count ?? 0)) counts.set(subject, count);
      }
    return { size: counts.size, get: (subject) => counts.get(digestPart(subject)) };
  }

  private async readShards(): Promise<[key: string, fields: Record<string, string>][]> {
    const keys = Array.from({ length: SHARDS }, (_, shard) => this.getShardKey(shard));
    return Promise.all(
      keys.map(async (key): Promise<[string, Record<string, string>]> => [
        key,
        await getRedis().hgetall(key),
      ]),
    );
  }

  private read(value: string): Count {
    const [count = 0, expires = 0] = value.split(':').map(Number);
    const isCurrent = expires > getSeconds() && expires <= getSeconds() + this.seconds;
    return isCurrent ? { count, wait: toWait(expires) } : { count: 0, wait: 0 };
  }

  private getShardKey(shard: number): string {
    return `limit-${this.name}:${shard}`;
  }
}

/** The counts of a counter at one moment. */
export interface CountsBySubject {
  size: number;
  get(subject: string): Count | undefined;
}

function toField({ subject, client }: CounterKey): string {
  return [subject, client].map((part) => (part === undefined ? '' : digestPart(part))).join('');
}

const getShard = (field: string): number => Number.parseInt(hash('sha256', field).slice(0, 8), 16) % SHARDS;

const toWait = (expires: number): number => Math.max(0, expires * 1000 - now());

function getCommands(): CounterCommands {
  const redis = getRedis();
  if (!('meisaiCount' in redis)) redis.defineCommand('meisaiCount', { numberOfKeys: 1, lua: COUNT_SCRIPT });
  return redis as unknown as CounterCommands;
}
