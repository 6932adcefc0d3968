import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endChild } from '../../kit/stop-child';
import { waitFor } from '../../support/eventually';
import { CHROMIUM, CHROMIUM_ARGS } from './chromium';

export interface PlainChromium {
  /** At which any program can drive it. */
  port: number;
  close: () => Promise<void>;
}

/** Chromium without a window, with a profile of its own, that nobody drives yet. */
export async function startPlainChromium(): Promise<PlainChromium> {
  const profile = mkdtempSync(path.join(tmpdir(), 'meisai-chromium-'));
  const args = [
    '--headless=new',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    '--no-first-run',
  ];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const child = spawn(CHROMIUM, [...CHROMIUM_ARGS, ...args, ...quiet, 'about:blank'], { stdio: 'ignore' });
  const close = async () => {
    await endChild(child, 'SIGKILL');
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    const port = await waitFor(() => {
      const [first = ''] = readFileSync(path.join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
      return Number(first);
    }, 60_000);
    return { port, close };
  } catch (error) {
    await close();
    throw error;
  }
}
