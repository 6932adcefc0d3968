import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { OperatorError } from '../process/operator-error';

/** redis-server is missing and could not be installed. */
export class NoRedisServerError extends OperatorError {}

/** Finds the path of a program as a shell does. */
export function findProgram(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return undefined;
}

/**
 * Finds redis-server. If it is missing and this runs as root on a Debian-like system, it is installed, so that a fresh
 * container needs no instructions.
 *
 * @throws NoRedisServerError
 */
export function findRedisServer(): string {
  const found = findProgram('redis-server') ?? installRedisServer();
  if (found) return found;
  throw new NoRedisServerError(
    'redis-server was not found. Install it (Debian, Ubuntu: apt-get install redis-server), ' +
      'or set REDIS_URL to a Redis that runs elsewhere.',
  );
}

function installRedisServer(): string | undefined {
  if (process.getuid?.() !== 0 || !findProgram('apt-get')) return undefined;
  process.stderr.write('redis-server is missing: installing it (apt-get install -y redis-server) …\n');
  const install = ['install', '-y', '--no-install-recommends', 'redis-server'];
  if (!runAptGet(install)) {
    // A fresh container has no package lists yet.
    runAptGet(['update']);
    runAptGet(install);
  }
  return findProgram('redis-server');
}

function runAptGet(args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
