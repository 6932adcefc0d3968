import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { boundToParent } from '../../jobs/parent-bound';
import { findRedisServer } from '../../jobs/redis-server';
import { writeCertificates } from './certificates';

/** Redis servers at TCP ports, which start again with their data when they are killed. */
export interface TestRedis {
  /** By which the portal finds them. */
  settings: Record<string, string>;
  stop(): Promise<void>;
}

const STARTERS = { tls: startTlsRedis };

/** Of a test environment's option `redis`, and of TEST_REDIS. */
export const startTestRedis = (kind: string, folder: string): Promise<TestRedis> => {
  if (!(kind in STARTERS)) throw new Error(`TEST_REDIS=${kind}: one of ${Object.keys(STARTERS).join(', ')}`);
  return STARTERS[kind as keyof typeof STARTERS](folder);
};

/** TLS alone, certificates on both sides. */
async function startTlsRedis(folder: string): Promise<TestRedis> {
  const files = await writeCertificates(folder);
  const port = await freePort();
  const server = new TestRedisServer(path.join(folder, 'redis'), {
    port: '0',
    'tls-port': String(port),
    'tls-cert-file': files.cert,
    'tls-key-file': files.key,
    'tls-ca-cert-file': files.ca,
  });
  await server.ready();
  return {
    settings: {
      REDIS_URL: `rediss://127.0.0.1:${port}`,
      REDIS_TLS_CA: files.ca,
      REDIS_TLS_CERT: files.cert,
      REDIS_TLS_KEY: files.key,
    },
    stop: () => server.stop(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** One redis-server with these settings, kept running until it is stopped. */
class TestRedisServer {
  private child?: ChildProcess;
  private stopping = false;
  private isReady = Promise.resolve();
  private ended?: Promise<unknown>;
  private readonly command: ReturnType<typeof boundToParent>;

  constructor(folder: string, settings: Record<string, string>) {
    mkdirSync(folder, { recursive: true });
    const all = { bind: '127.0.0.1', dir: folder, appendonly: 'yes', save: '', ...settings };
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
    this.command = boundToParent([findRedisServer(), ...args], path.join(folder, 'lock'));
    this.start();
  }

  ready(): Promise<void> {
    return this.isReady;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  private start(): void {
    const child = spawn(this.command.program, this.command.args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child = child;
    this.isReady = new Promise((resolve) => {
      child.stdout.on('data', (data: Buffer) => {
        if (data.includes('Ready to accept connections')) resolve();
      });
    });
    this.ended = once(child, 'exit').then(() => {
      if (!this.stopping) this.start();
    });
  }
}
