import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { parseSubset, readProgramOptions } from '../kit/cli-options';
import { Installation } from '../kit/installation';
import { type Attack, DELAY_MINUTES } from './attack';
import { stealDevice } from './device-theft';
import { resurrectSession } from './resurrection';
import { skipSecondFactor } from './second-factor';
import { takeOver } from './take-over';

const attacks: Record<string, Attack> = {
  resurrection: resurrectSession,
  'second-factor': skipSecondFactor,
  'device-theft': stealDevice,
  'take-over': takeOver,
};

/** `npm run attacks`: prints what got through; the exit status is 1 if anything did. */
export async function runAttacks(args: string[]): Promise<void> {
  const program = new Command('npm run attacks --')
    .description('Attacks a portal with the demonstration, which it starts, and tells what got through')
    .option('--url <address>', `a portal that runs already, with PASSWORD_DELAY_MINUTES=${DELAY_MINUTES}`)
    .option(
      '--only <attacks>',
      `some of ${Object.keys(attacks).join(',')}`,
      parseSubset(Object.keys(attacks)),
    );
  const options = readProgramOptions(program, args) as { url?: string; only?: string[] } | undefined;
  if (!options) return;
  const portal = options.url === undefined ? await startPortal() : { url: options.url };
  try {
    for (const [name, attack] of Object.entries(attacks))
      if (!options.only || options.only.includes(name)) await report(name, attack, portal.url);
  } finally {
    if ('end' in portal) await portal.end();
  }
}

async function report(name: string, attack: Attack, url: string): Promise<void> {
  const breaches = await attack(url);
  process.stdout.write(`${name}: ${breaches.length === 0 ? 'held' : breaches.join('; ')}\n`);
  if (breaches.length > 0) process.exitCode = 1;
}

async function startPortal(): Promise<{ url: string; end(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meisai-attacks-'));
  const installation = new Installation(folder, `sqlite:${path.join(folder, 'meisai.sqlite3')}`, {
    NODE_ENV: 'development',
    VERIFICATION_GATEWAY: 'outbox',
    WORKERS: '1',
    PASSWORD_DELAY_MINUTES: String(DELAY_MINUTES),
  });
  const { url } = await installation.startPortal();
  return {
    url,
    async end() {
      await installation.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
