import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../lib/process/error-code';
import { config } from '../../config';
import type { ContactMethod } from './contact-method';

/** A message as the development gateway “sends” it: a file in DATA_DIR/outbox that only this user can read. */
export interface OutboxMessage {
  method: ContactMethod;
  /** E.164 */
  to: string;
  text: string;
  code: string;
  /** ISO 8601 */
  at: string;
}

const folder = () => path.join(config.DATA_DIR, 'outbox');
const fileOf = (codeId: number) => path.join(folder(), `code-${codeId}.json`);

export async function writeToOutbox(codeId: number, message: OutboxMessage): Promise<void> {
  await mkdir(folder(), { recursive: true, mode: 0o700 });
  const part = `${fileOf(codeId)}.part`;
  await writeFile(part, JSON.stringify(message), { mode: 0o600 });
  await rename(part, fileOf(codeId));
}

/** The digits of a code that went to the outbox; none in production, where there is no such gateway. */
export async function codeInOutbox(codeId: number): Promise<string | undefined> {
  if (config.isProduction || config.VERIFICATION_GATEWAY !== 'outbox') return undefined;
  try {
    return (JSON.parse(await readFile(fileOf(codeId), 'utf8')) as OutboxMessage).code;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
