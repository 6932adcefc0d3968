import { access, constants, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { codeOf } from '../process/error-code';
import type { ByteRange, FileStore, KeptFile, StoreWriter } from './file-store';
import { DiskWriter } from './disk-writer';
import { FileGoneError } from './errors';
import { partialNameOf, wholeNameOf } from './temporary-name';

/** Files in a folder, which may be on a shared file system. */
export class DiskStore implements FileStore {
  constructor(private readonly folder: string) {}

  async create(key: string): Promise<StoreWriter> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const partial = partialNameOf(this.path(key));
    return new DiskWriter(key, this.path(key), partial, await open(partial, 'wx', 0o600));
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    try {
      const handle = await open(this.path(key), 'r');
      return handle.createReadStream({ ...range, highWaterMark: 256 * 1024 });
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw new FileGoneError(key);
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    const names = await this.names();
    const ofKey = names.filter((name) => wholeNameOf(name) === key);
    for (const name of ofKey) await rm(this.path(name), { force: true });
  }

  async list(): Promise<KeptFile[]> {
    const files = [];
    for (const name of await this.names()) {
      const found = await stat(this.path(name)).catch(() => undefined);
      if (found) files.push({ key: wholeNameOf(name), writtenAt: found.mtimeMs });
    }
    return files;
  }

  async check(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await access(this.folder, constants.R_OK | constants.W_OK);
  }

  private async names(): Promise<string[]> {
    return readdir(this.folder).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    });
  }

  private path(name: string): string {
    return path.join(this.folder, path.basename(name));
  }
}
