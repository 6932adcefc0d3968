import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';
import { findFreePort } from '../kit/free-port';
import { writeCertificates } from './certificates';
import { waitFor } from './eventually';
import { startSentinelSet } from './sentinel-servers';
import { type RedisSettings, TestRedisServer } from './test-redis-server';

/** Redis servers at TCP ports, which start again with their data when they are killed. */
export interface TestRedis {
  /** Settings by which the portal finds them. */
  settings: Record<string, string>;
  stop(): Promise<void>;
}

const STARTERS = {
  single: startSingleRedis,
  tls: startTlsRedis,
  cluster: startRedisCluster,
  'tls-cluster': startTlsCluster,
  sentinel: startSentinelSet,
};

/** Values of the test environment's option `redis` and of TEST_REDIS. */
export const startTestRedis = (kind: string, folder: string): Promise<TestRedis> => {
  if (!(kind in STARTERS)) throw new Error(`TEST_REDIS=${kind}: one of ${Object.keys(STARTERS).join(', ')}`);
  return STARTERS[kind as keyof typeof STARTERS](folder);
};

async function startSingleRedis(folder: string): Promise<TestRedis> {
  const port = await findFreePort();
  const server = new TestRedisServer(folder, { port });
  await server.start();
  return { settings: { REDIS_URL: `redis://127.0.0.1:${port}` }, stop: () => server.stop() };
}

/** TLS alone, certificates on both sides. */
async function startTlsRedis(folder: string): Promise<TestRedis> {
  const { client, server: settings } = await writeBothCertificates(folder);
  const port = await findFreePort();
  const server = new TestRedisServer(folder, { port: 0, 'tls-port': port, ...settings });
  await server.start();
  return {
    settings: { REDIS_URL: `rediss://127.0.0.1:${port}`, ...client },
    stop: () => server.stop(),
  };
}

async function startRedisCluster(folder: string): Promise<TestRedis> {
  const { ports, stop } = await startNodes(folder, (port) => ({ port }));
  return { settings: { REDIS_URL: `redis-cluster://${joinHosts(ports)}` }, stop };
}

async function startTlsCluster(folder: string): Promise<TestRedis> {
  const { client, server } = await writeBothCertificates(folder);
  const { ports, stop } = await startNodes(
    folder,
    (port) => ({ port: 0, 'tls-port': port, 'tls-cluster': 'yes', ...server }),
    {
      ca: readFileSync(client.REDIS_TLS_CA),
      cert: readFileSync(client.REDIS_TLS_CERT),
      key: readFileSync(client.REDIS_TLS_KEY),
    },
  );
  return { settings: { REDIS_URL: `rediss-cluster://${joinHosts(ports)}`, ...client }, stop };
}

const joinHosts = (ports: number[]) => ports.map((port) => `127.0.0.1:${port}`).join();

async function writeBothCertificates(folder: string) {
  const { ca, cert, key } = await writeCertificates(folder);
  return {
    client: { REDIS_TLS_CA: ca, REDIS_TLS_CERT: cert, REDIS_TLS_KEY: key },
    server: { 'tls-ca-cert-file': ca, 'tls-cert-file': cert, 'tls-key-file': key },
  };
}

const SLOTS = 16_384;

/** Three masters, each with a third of the slots. */
async function startNodes(
  folder: string,
  getSettings: (port: number) => RedisSettings,
  tls?: ConnectionOptions,
): Promise<{ ports: number[]; stop: () => Promise<void> }> {
  const nodePorts = await Promise.all(
    [1, 2, 3].map(async () => ({ port: await findFreePort(), bus: await findFreePort() })),
  );
  const servers = nodePorts.map(
    ({ port, bus }, index) =>
      new TestRedisServer(path.join(folder, String(index)), {
        'cluster-enabled': 'yes',
        'cluster-port': bus,
        'cluster-node-timeout': 2000,
        ...getSettings(port),
      }),
  );
  await Promise.all(servers.map((server) => server.start()));
  const nodes = nodePorts.map(({ port }) => new Redis(port, '127.0.0.1', { tls }));
  const borders = [0, 1, 2, 3].map((third) => Math.round((third * SLOTS) / 3));
  for (const [index, node] of nodes.entries()) {
    await node.cluster('ADDSLOTSRANGE', borders[index] ?? 0, (borders[index + 1] ?? 0) - 1);
    for (const { port, bus } of nodePorts) await node.call('CLUSTER', 'MEET', '127.0.0.1', port, bus);
  }
  for (const node of nodes) await waitFor(async () => expectWhole(await node.cluster('INFO')));
  for (const node of nodes) node.disconnect();
  return {
    ports: nodePorts.map(({ port }) => port),
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

function expectWhole(info: string): void {
  if (!/cluster_state:ok[^]*cluster_known_nodes:3/.test(info)) throw new Error(`no whole cluster: ${info}`);
}
