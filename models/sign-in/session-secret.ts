import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { config } from '../../config';
import { errorCode } from '../../lib/process/error-code';

/** The secrets of session cookies: the first signs, all verify. Outside production one is generated and stored. */
export const getSessionSecrets = (): string[] => config.SESSION_SECRET ?? [readOrCreateSecret()];

function readOrCreateSecret(): string {
  const file = path.join(config.DATA_DIR, 'session-secret');
  try {
    mkdirSync(config.DATA_DIR, { recursive: true });
    writeFileSync(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
