import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { StoredFile, StoreWriter } from './store';
import { removePartials } from './temporary-name';

/** Writes under a temporary name, flushes to the disk, then renames. */
export class DiskWriter implements StoreWriter {
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
    // A thread of the pool writes meanwhile.
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
    await removePartials(this.target);
    return { key: this.key, bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.partial, { force: true });
  }

  /** Repeats partial writes: a full disk can accept only a part of the bytes. */
  private async writeAll(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      const { bytesWritten } = await this.handle.write(rest);
      rest = rest.subarray(bytesWritten);
    }
  }
}

/** The new name survives a crash only if its folder is flushed too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
