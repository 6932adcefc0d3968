import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { config } from '../../config';
import { log } from '../../log';
import { getPrivateRedisSocket } from './connection-options';
import { type BoundCommand, bindToParent } from './parent-bound';
import { findRedisServer } from './find-redis-server';
import { OperatorError } from '../process/operator-error';

export interface PrivateRedis {
  /** Ends it; a server that another process of the same DATA_DIR runs goes on. */
  stop(): Promise<void>;
}

/** The private Redis could not be started. */
export class PrivateRedisError extends OperatorError {}

const TIMEOUT_MS = 60_000;
const redisFolder = path.join(config.DATA_DIR, 'redis');
const redisLog = path.join(redisFolder, 'redis.log');

/**
 * Starts a redis-server of our own under DATA_DIR, keeps it running, and returns once it answers.
 *
 * Several processes may do so with one DATA_DIR: a lock file lets one server run, all use it,
 * and when it goes the next in line starts its own on the same data.
 */
export async function startPrivateRedis(): Promise<PrivateRedis> {
  makeRedisFolder();
  const supervised = new SupervisedRedis(bindToParent(buildRedisCommand(), path.join(redisFolder, 'lock')));
  try {
    await supervised.waitUntilAnswering();
  } catch (error) {
    await supervised.stop();
    throw error;
  }
  return supervised;
}

function makeRedisFolder(): void {
  try {
    makeFolder(redisFolder);
    accessSync(redisFolder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PrivateRedisError(`DATA_DIR=${config.DATA_DIR} cannot be written (${reason})`);
  }
}

/** Works like mkdir -p. Node's recursive mkdir never returns if the file system cannot create the folder. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
}

// Everything is written to the append-only file before it is answered, so that even kill -9 loses nothing.
function buildRedisCommand(): string[] {
  const settings = {
    port: '0',
    unixsocket: getPrivateRedisSocket(),
    unixsocketperm: '700',
    dir: redisFolder,
    appendonly: 'yes',
    save: '',
    maxmemory: `${config.PRIVATE_REDIS_MAXMEMORY}mb`,
    'maxmemory-policy': 'noeviction',
    loglevel: 'warning',
    logfile: redisLog,
  };
  return [findRedisServer(), ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])];
}

class SupervisedRedis implements PrivateRedis {
  private child?: ChildProcess;
  private failures = 0;
  private stopping = false;
  private readonly supervision: Promise<void>;

  constructor(private readonly command: BoundCommand) {
    this.supervision = this.supervise();
  }

  async waitUntilAnswering(): Promise<void> {
    const deadline = Date.now() + TIMEOUT_MS;
    while (!(await pingPrivateRedis())) {
      if (this.failures > 2 || Date.now() > deadline) throw new PrivateRedisError(describeStartFailure());
      await delay(10);
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const child = this.child;
    const killTimer = setTimeout(() => child?.kill('SIGKILL'), 2000);
    child?.kill('SIGTERM');
    await this.supervision;
    clearTimeout(killTimer);
  }

  /** Restarts the server whenever it ends: at once, or with growing delays if it does not come up. */
  private async supervise(): Promise<void> {
    while (!this.stopping) {
      // Without a lock, only an answer shows that another process runs a server.
      if (!this.command.locked && (await pingPrivateRedis())) await delay(200);
      else await this.runOnce();
    }
  }

  private async runOnce(): Promise<void> {
    const started = Date.now();
    // A session of its own, so that Ctrl-C in a terminal does not end it before the portal is done.
    const child = spawn(this.command.program, this.command.args, {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.child = child;
    await once(child, 'exit').catch(() => undefined);
    if (this.stopping) return;
    this.failures = Date.now() - started > 1000 ? 0 : this.failures + 1;
    log.error(
      { exitCode: child.exitCode, signal: child.signalCode },
      'private Redis ended; starting it again',
    );
    if (this.failures > 1) await delay(Math.min(100 * 2 ** this.failures, 2000));
  }
}

function describeStartFailure(): string {
  return `The private redis-server did not start:\n${readLastLines(redisLog)}`;
}

function readLastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-3).join('\n');
  } catch {
    return `${file} was not written`;
  }
}

/** Whether a Redis answers at the private socket. Opens its own connection, because the shared one retries. */
export function pingPrivateRedis(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(getPrivateRedisSocket());
    const answer = (works: boolean) => {
      socket.destroy();
      resolve(works);
    };
    socket.setTimeout(1000, () => answer(false));
    socket.on('error', () => answer(false));
    socket.on('data', (data) => answer(data.toString().startsWith('+PONG')));
    socket.on('close', () => answer(false));
    socket.write('PING\r\n');
  });
}
