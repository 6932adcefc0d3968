import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../config';
import { endChild } from '../kit/stop-child';
import { waitFor } from './eventually';

const PROGRAMS = { web: ['start.cjs'], worker: ['meisai.cjs', 'worker'] };

/** Production settings, so that no laptop default applies. Nothing is ever sent. */
const SETTINGS = {
  NODE_ENV: 'production',
  SESSION_SECRET: 'the-same-secret-on-every-host-of-32-characters',
  TRUST_PROXY: '1',
  WORKERS: '0',
  LOG_LEVEL: 'info',
  PUBLIC_URL: 'https://portal.example/',
  VERIFICATION_GATEWAY: 'twilio',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
  TWILIO_AUTH_TOKEN: 'none',
  TWILIO_FROM: '+815000000000',
  TWILIO_API_URL: 'http://127.0.0.1:9/',
};

/** A web server or a worker, as a process that knows the others by its settings alone. */
export class TestHost {
  url = '';
  private child!: ChildProcess;
  private output = '';

  constructor(
    private readonly role: keyof typeof PROGRAMS,
    private readonly settings: Record<string, string> = {},
  ) {}

  /** Resolves when a web server answers; a worker has only begun. */
  async start(): Promise<void> {
    const [file = '', ...args] = PROGRAMS[this.role];
    const { port: PORT } = this.url ? new URL(this.url) : { port: '0' };
    this.child = spawn(process.execPath, [path.join(projectRoot, 'bin', file), ...args], {
      env: { ...process.env, ...SETTINGS, PORT, ...this.settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.output = '';
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (data: Buffer) => {
        this.output += data.toString();
      });
    if (this.role === 'web') this.url = await waitFor(() => this.find(/Meisai is ready: (\S+)/), 60_000);
  }

  getLog(): string {
    return this.output;
  }

  end(signal: NodeJS.Signals): Promise<void> {
    return endChild(this.child, signal);
  }

  private find(words: RegExp): string {
    const found = words.exec(this.output)?.[1];
    if (found === undefined) throw new Error(`not there: ${this.output}`);
    return found;
  }
}
