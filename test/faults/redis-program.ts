import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findRedisServer } from '../../lib/redis/find-redis-server';

/**
 * A PATH with a redis-server that is told of a file-size limit by the failed write, as of a full disk, in place of the
 * signal that would end it.
 */
export function createRedisWrapperPath(folder: string): string {
  const found = findRedisServer();
  mkdirSync(folder, { recursive: true });
  const script = `#!/bin/sh\ntrap '' XFSZ\nexec '${found}' "$@"\n`;
  writeFileSync(path.join(folder, 'redis-server'), script, { mode: 0o755 });
  return [folder, process.env.PATH].join(path.delimiter);
}
