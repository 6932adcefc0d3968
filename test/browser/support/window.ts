import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';
import { endChild } from '../../kit/stop-child';
import { waitFor } from '../../support/eventually';

const execute = promisify(execFile);

const [WIDTH, HEIGHT] = [1000, 1300];
/** The header's. */
const HEADER_COLOUR = 0x0f4460;

/** A screen without glass, on which programs draw their windows. */
export class VirtualDisplay {
  readonly home = mkdtempSync(path.join(tmpdir(), 'meisai-screen-'));
  private readonly server: ChildProcess;
  private display = '';

  constructor() {
    const size = `${WIDTH}x${HEIGHT}x24`;
    this.server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', size, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.server.stdout?.on('data', (data: Buffer) => (this.display += data.toString()));
  }

  /** Waits until the program has drawn our style and draws the same twice; restarts one that exits by itself. */
  async takePicture(program: string, ...args: string[]): Promise<PNG> {
    const env = { ...process.env, HOME: this.home, DISPLAY: await this.waitForName() };
    for (let tries = 0; tries < 3; tries += 1) {
      const child = spawn(program, args, { env, stdio: 'ignore' });
      try {
        const dump = await waitForStableDump(env, child);
        if (dump) return readDump(dump);
      } finally {
        await endChild(child, 'SIGKILL');
      }
    }
    throw new Error(`${program} ends as soon as it is started`);
  }

  async close(): Promise<void> {
    await endChild(this.server, 'SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  }

  private waitForName = () =>
    waitFor(() => {
      if (!this.display.endsWith('\n')) throw new Error('Xvfb has not started');
      return `:${this.display.trim()}`;
    }, 60_000);
}

/** Returns a stable screenshot; undefined if the program that should draw has exited. */
async function waitForStableDump(env: NodeJS.ProcessEnv, child: ChildProcess): Promise<Buffer | undefined> {
  let before: Buffer = Buffer.alloc(0);
  return waitFor(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return undefined;
    const dump = await takeDump(env);
    if (dump.equals(before) && hasOurStyle(dump)) return dump;
    before = dump;
    await delay(200);
    throw new Error(`${child.spawnfile} draws nothing that stays`);
  }, 120_000);
}

/** All that is on the screen. A display that is stuck fails it. */
async function takeDump(env: NodeJS.ProcessEnv): Promise<Buffer> {
  const options = { env, encoding: 'buffer', maxBuffer: 1e8, timeout: 30_000 } as const;
  return (await execute('xwd', ['-root', '-silent'], options)).stdout;
}

/** X's own format of 32 bits a pixel: blue, green, red, and one that is not used. */
function readDump(dump: Buffer): PNG {
  const [headerSize, width, height, colours] = [0, 16, 20, 76].map((at) => dump.readUInt32BE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const pixels = dump.subarray(headerSize + colours * 12);
  const picture = new PNG({ width, height });
  pixels.copy(picture.data);
  picture.data.swap32();
  // Now it is nothing, red, green, blue: one place to the left, and opaque.
  picture.data.copyWithin(0, 1);
  for (let at = 3; at < picture.data.length; at += 4) picture.data[at] = 255;
  return picture;
}

/** Whether a good part of it has the colour of the style sheet's header. */
function hasOurStyle(dump: Buffer): boolean {
  let count = 0;
  for (let at = dump.readUInt32BE(0); at < dump.length - 4; at += 4 * 37)
    if ((dump.readUInt32LE(at) & 0xffffff) === HEADER_COLOUR) count += 1;
  return count > 200;
}
