import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { endChild } from '../kit/stop-child';
import { findFreePort } from '../kit/free-port';
import { bindToParent } from '../../lib/redis/parent-bound';
import { findRedisServer } from '../../lib/redis/find-redis-server';
import { waitFor } from './eventually';
import { TestRedisServer } from './test-redis-server';

const MASTER = 'meisai';
/** A killed server stays away for longer than its Sentinels need to notice. */
const OUTAGE_MS = 6000;

/** A master, a replica, and three Sentinels, which make the replica master after a second without the other. */
export async function startSentinelSet(folder: string) {
  const master = await findFreePort();
  const replica = await findFreePort();
  const defaults = { 'repl-diskless-sync-delay': 0 };
  const servers = [
    new TestRedisServer(path.join(folder, 'master'), { port: master, ...defaults }, OUTAGE_MS),
    new TestRedisServer(
      path.join(folder, 'replica'),
      { port: replica, replicaof: `127.0.0.1 ${master}`, ...defaults },
      OUTAGE_MS,
    ),
  ];
  for (const server of servers) await server.start();
  await waitForReply(replica, (redis) => redis.info('replication'), /master_link_status:up/);
  const ports = [await findFreePort(), await findFreePort(), await findFreePort()];
  const sentinels = ports.map((port) => startSentinel(path.join(folder, `sentinel-${port}`), port, master));
  for (const port of ports)
    await waitForReply(port, readSentinelState, /"num-slaves":"1".*"num-other-sentinels":"2"/);
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join();
  return {
    settings: { REDIS_URL: `redis-sentinel://${hosts}/${MASTER}` },
    stop: async () => {
      await Promise.all(sentinels.map((sentinel) => endChild(sentinel, 'SIGKILL')));
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** Its settings are in a file, because it writes into it what it has seen. */
function startSentinel(folder: string, port: number, master: number): ChildProcess {
  mkdirSync(folder);
  const file = path.join(folder, 'sentinel.conf');
  const lines = [
    ...['bind 127.0.0.1', `port ${port}`, `dir ${folder}`],
    `sentinel monitor ${MASTER} 127.0.0.1 ${master} 2`,
    `sentinel down-after-milliseconds ${MASTER} 1000`,
    `sentinel failover-timeout ${MASTER} 3000`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const { program, args } = bindToParent([findRedisServer(), file, '--sentinel'], path.join(folder, 'lock'));
  return spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'] });
}

async function readSentinelState(sentinel: Redis): Promise<string> {
  const cells = (await sentinel.call('SENTINEL', 'MASTER', MASTER)) as string[];
  const pairs = cells.flatMap((name, index) => (index % 2 === 0 ? [[name, cells[index + 1]]] : []));
  const { 'num-slaves': replicas, 'num-other-sentinels': others } = Object.fromEntries(pairs) as Record<
    string,
    string
  >;
  return JSON.stringify({ 'num-slaves': replicas, 'num-other-sentinels': others });
}

async function waitForReply(
  port: number,
  ask: (redis: Redis) => Promise<string>,
  wanted: RegExp,
): Promise<void> {
  const redis = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50 }).on('error', () => undefined);
  await waitFor(async () => {
    const said = await ask(redis);
    if (!wanted.test(said)) throw new Error(`port ${port} says ${said}`);
  }, 30_000);
  redis.disconnect();
}
