import { statfs } from 'node:fs/promises';
import type { Command } from 'commander';
import { config } from '../../config';
import { now } from '../../lib/values/clock';
import { migrateDatabase } from '../../lib/database/db';
import { getQueueStatus } from '../../models/detail-file/admin-list';
import { fileStore } from '../../lib/files/file-store';
import { fileSize } from '../../lib/values/format';
import { type RedisMemory, readRedisMemory } from '../../lib/redis/memory';
import { countShutOutLogins } from '../../models/sign-in/attempt-limit';
import { type FailureRate, getFailureRate, MAX_FAILURES_PER_MINUTE } from '../../models/sign-in/failure-rate';
import { tryRedis } from './redis-for-command';
import { addCommand, type Report, type CommandResult, toIsoTime } from './output';

/** `meisai status` */
export function addStatusCommand(program: Command, report: Report): void {
  addCommand(program, 'status', 'database, Redis, file store, waiting detail files, disk').action(async () =>
    report(await getPortalStatus()),
  );
}

async function getPortalStatus(): Promise<CommandResult> {
  const database = await checkStatus(migrateDatabase);
  const hasRedis = await tryRedis();
  const queue = database === 'ok' ? await getQueueStatus() : undefined;
  const oldest_seconds = queue?.oldest == null ? null : Math.round((now() - queue.oldest) / 1000);
  const files = await checkStatus(() => fileStore.check());
  const disk_free_bytes = await getFreeBytes();
  const memory = hasRedis ? await readRedisMemory() : undefined;
  const rate = hasRedis ? await getFailureRate() : undefined;
  const shut_out_logins = hasRedis ? await countShutOutLogins() : null;
  const lines = [
    `database: ${database}`,
    `Redis: ${memory ? formatRedisMemory(memory) : 'does not answer'}`,
    `detail files: ${queue ? `${queue.queued} waiting, ${queue.making} being made` : 'unknown'}`,
    `file store: ${files}`,
    ...(oldest_seconds === null ? [] : [`oldest request: ${oldest_seconds} s ago`]),
    `failed logins: ${rate ? formatFailureRate(rate) : 'unknown'}`,
    `logins that shut out new browsers: ${shut_out_logins ?? 'unknown'}`,
    `disk: ${disk_free_bytes === null ? 'unknown' : fileSize(disk_free_bytes)} free in ${config.DATA_DIR}`,
  ];
  const json = {
    database,
    redis: hasRedis ? 'ok' : 'does not answer',
    files,
    queued: queue?.queued ?? null,
    making: queue?.making ?? null,
    oldest_seconds,
    disk_free_bytes,
    login_failures: rate?.failures ?? null,
    login_failures_exceeded_at: toIsoTime(rate?.exceededAt ?? null),
    shut_out_logins,
    redis_memory_bytes: memory?.used ?? null,
    redis_memory_limit_bytes: memory?.limit ?? null,
  };
  return { summary: lines.join('\n'), json, status: database === 'ok' && hasRedis && files === 'ok' ? 0 : 1 };
}

function formatRedisMemory({ used, limit, isNearlyFull }: RedisMemory): string {
  const words = `ok, ${fileSize(used)} in use${limit > 0 ? ` of ${fileSize(limit)}` : ''}`;
  return isNearlyFull ? `${words}; WARNING: nearly full, and nobody can log in when it is` : words;
}

function formatFailureRate({ failures, exceededAt }: FailureRate): string {
  const words = `${failures} in this minute`;
  if (exceededAt === null) return words;
  return `${words}; WARNING: more than ${MAX_FAILURES_PER_MINUTE} a minute, last at ${toIsoTime(exceededAt) ?? ''}`;
}

/** Returns `ok` or the reason of the failure. */
async function checkStatus(check: () => Promise<unknown>): Promise<string> {
  try {
    await check();
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Returns null if there is no such folder. */
async function getFreeBytes(): Promise<number | null> {
  const disk = await statfs(config.DATA_DIR).catch(() => null);
  return disk && disk.bavail * disk.bsize;
}
