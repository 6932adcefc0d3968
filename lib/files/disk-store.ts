import { access, constants, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { errorCode } from '../process/error-code';
import { DiskWriter } from './disk-writer';
import {
  type ByteRange,
  FileNotFoundError,
  type FileStore,
  type StoreEntry,
  type StoreWriter,
} from './store';
import { createPartialName, stripPartialSuffix } from './temporary-name';

/** Keeps files in a folder, which may be on a shared file system. */
export class DiskStore implements FileStore {
  constructor(private readonly folder: string) {}

  async create(key: string): Promise<StoreWriter> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const partial = createPartialName(this.resolvePath(key));
    return new DiskWriter(key, this.resolvePath(key), partial, await open(partial, 'wx', 0o600));
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    try {
      const handle = await open(this.resolvePath(key), 'r');
      return handle.createReadStream({ ...range, highWaterMark: 256 * 1024 });
    } catch (error) {
      if (errorCode(error) === 'ENOENT') throw new FileNotFoundError(key);
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    const names = await this.listNames();
    const ofKey = names.filter((name) => stripPartialSuffix(name) === key);
    for (const name of ofKey) await rm(this.resolvePath(name), { force: true });
  }

  async list(): Promise<StoreEntry[]> {
    const files = [];
    for (const name of await this.listNames()) {
      const found = await stat(this.resolvePath(name)).catch(() => undefined);
      if (found) files.push({ key: stripPartialSuffix(name), writtenAt: found.mtimeMs });
    }
    return files;
  }

  async check(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await access(this.folder, constants.R_OK | constants.W_OK);
  }

  private async listNames(): Promise<string[]> {
    return readdir(this.folder).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    });
  }

  private resolvePath(name: string): string {
    return path.join(this.folder, path.basename(name));
  }
}
