import path from 'node:path';
import type { Readable } from 'node:stream';
import { config } from '../../config';
import { DiskStore } from './disk-store';
import { S3Store } from './s3-store';

/** What a store says of a file that it has taken in whole. */
export interface StoredFile {
  key: string;
  bytes: number;
  /** In hexadecimal. */
  sha256: string;
}

/** A file on its way into the store. Nobody sees it before `finish`. */
export interface StoreWriter {
  /** Takes bytes; resolved when the next may come, also in the same place. */
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<StoredFile>;
  /** Removes what has been written. Safe to call at any time, also after `finish`, which it then takes back. */
  discard(): Promise<void>;
}

/** From the first to the last byte, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A file or what there is of an unfinished one, with the time (milliseconds of the real clock) of the last write. */
export interface StoreEntry {
  key: string;
  writtenAt: number;
}

/** A place for finished files. Its functions throw StoreAwayError, or a system's error, where it cannot be used. */
export interface FileStore {
  create(key: string): Promise<StoreWriter>;
  /** @throws FileGoneError */
  open(key: string, range?: ByteRange): Promise<Readable>;
  /** Removes a file, and whatever unfinished runs have left of it. */
  remove(key: string): Promise<void>;
  list(): Promise<StoreEntry[]>;
  /** Rejects where nothing can be kept now. */
  check(): Promise<void>;
}

let currentStore: FileStore | undefined;

/** Chosen by FILE_STORE at the first use. */
const getStore = (): FileStore =>
  (currentStore ??= config.FILE_STORE
    ? new S3Store(config.FILE_STORE)
    : new DiskStore(path.join(config.DATA_DIR, 'detail-files')));

/** Where detail files are kept. */
export const fileStore: FileStore = {
  create: (key) => getStore().create(key),
  open: (key, range) => getStore().open(key, range),
  remove: (key) => getStore().remove(key),
  list: () => getStore().list(),
  check: () => getStore().check(),
};
