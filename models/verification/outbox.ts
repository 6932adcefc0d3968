import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../lib/process/error-code';
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

const getFolder = () => path.join(config.DATA_DIR, 'outbox');
const getFilePath = (codeId: number) => path.join(getFolder(), `code-${codeId}.json`);

export async function writeToOutbox(codeId: number, message: OutboxMessage): Promise<void> {
  await mkdir(getFolder(), { recursive: true, mode: 0o700 });
  const part = `${getFilePath(codeId)}.part`;
  await writeFile(part, JSON.stringify(message), { mode: 0o600 });
  await rename(part, getFilePath(codeId));
}

/** Reads a code that went to the outbox. In production there is no such gateway, and no code. */
export async function readOutboxCode(codeId: number): Promise<string | undefined> {
  if (config.isProduction || config.VERIFICATION_GATEWAY !== 'outbox') return undefined;
  try {
    return (JSON.parse(await readFile(getFilePath(codeId), 'utf8')) as OutboxMessage).code;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
