import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { codeOf } from './error-code';
import { config } from '../config';

/** What a store says of a file that it has taken in whole. */
export interface StoredFile {
  key: string;
  bytes: number;
  /** In hexadecimal. */
  sha256: string;
}

/** A file on its way into the store. Nobody sees it before `finish`. */
export interface StoreWriter {
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<StoredFile>;
  /** Removes what has been written. Safe to call at any time, also after `finish`, which it then takes back. */
  discard(): Promise<void>;
}

/** A place for finished files: the file system here. Another, such as S3, has the same four functions. */
export interface FileStore {
  create(key: string): Promise<StoreWriter>;
  /** @throws FileGoneError */
  open(key: string, range?: { start: number; end: number }): Promise<Readable>;
  remove(key: string): Promise<void>;
  /** All keys in it, also of unfinished files, with the time (milliseconds of the real clock) of the last write. */
  list(): Promise<{ key: string; writtenAt: number }[]>;
}

export class FileGoneError extends Error {}

const PARTIAL = /\.[0-9a-f-]{36}\.partial$/;

class FolderStore implements FileStore {
  constructor(private readonly folder: string) {}

  async create(key: string): Promise<StoreWriter> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const partial = `${this.path(key)}.${randomUUID()}.partial`;
    return new FolderWriter(key, this.path(key), partial, await open(partial, 'wx', 0o600));
  }

  async open(key: string, range?: { start: number; end: number }): Promise<Readable> {
    try {
      const handle = await open(this.path(key), 'r');
      return handle.createReadStream({ ...range, highWaterMark: 256 * 1024 });
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw new FileGoneError(`${key} is not in the store`);
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    const names = await this.names();
    const ofKey = names.filter((name) => name === key || name.replace(PARTIAL, '') === key);
    for (const name of ofKey) await rm(this.path(name), { force: true });
  }

  async list(): Promise<{ key: string; writtenAt: number }[]> {
    const files = [];
    for (const name of await this.names()) {
      const found = await stat(this.path(name)).catch(() => undefined);
      if (found) files.push({ key: name.replace(PARTIAL, ''), writtenAt: found.mtimeMs });
    }
    return files;
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

/** Writes under a temporary name, flushes to the disk, then renames. */
class FolderWriter implements StoreWriter {
  private readonly hash = createHash('sha256');
  private bytes = 0;

  constructor(
    private readonly key: string,
    private readonly target: string,
    private partial: string,
    private readonly handle: FileHandle,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    const writing = this.writeAll(bytes);
    // Meanwhile a thread of the pool writes.
    this.hash.update(bytes);
    this.bytes += bytes.length;
    await writing;
  }

  async finish(): Promise<StoredFile> {
    await this.handle.sync();
    await this.handle.close();
    await rename(this.partial, this.target);
    this.partial = this.target;
    await syncFolder(path.dirname(this.target));
    return { key: this.key, bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.partial, { force: true });
  }

  /** A full disk can take a part of what it is given. */
  private async writeAll(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      const { bytesWritten } = await this.handle.write(rest);
      rest = rest.subarray(bytesWritten);
    }
  }
}

/** The new name is safe only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Where detail files are kept. */
export const fileStore: FileStore = new FolderStore(path.join(config.DATA_DIR, 'detail-files'));
