import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bindToParent } from '../../lib/redis/parent-bound';
import { findRedisServer } from '../../lib/redis/find-redis-server';

export type RedisSettings = Record<string, string | number>;

/** One redis-server with these settings, started again whenever it ends, after a pause, until it is stopped. */
export class TestRedisServer {
  private child?: ChildProcess;
  private stopping = false;
  private ended?: Promise<unknown>;
  private readonly command: ReturnType<typeof bindToParent>;

  constructor(
    folder: string,
    settings: RedisSettings,
    private readonly pauseMs = 0,
  ) {
    mkdirSync(folder, { recursive: true });
    const all: RedisSettings = { bind: '127.0.0.1', dir: folder, appendonly: 'yes', save: '', ...settings };
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.command = bindToParent([findRedisServer(), ...args], path.join(folder, 'lock'));
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const child = spawn(this.command.program, this.command.args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child = child;
    const ended = once(child, 'exit');
    this.ended = ended;
    await Promise.race([waitUntilReady(child), ended]);
    if (child.exitCode !== null) throw new Error(`a redis-server ended with ${child.exitCode}`);
    void ended.then(() => this.startAgain());
  }

  private async startAgain(): Promise<void> {
    if (this.pauseMs > 0) await delay(this.pauseMs, undefined, { ref: false });
    if (!this.stopping) await this.start();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.child?.kill('SIGKILL');
    await this.ended;
  }
}

function waitUntilReady({ stdout }: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    stdout?.on('data', (data: Buffer) => {
      if (data.includes('Ready to accept connections')) resolve();
    });
  });
}
