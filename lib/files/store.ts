import type { Readable } from 'node:stream';
import { OperatorError } from '../process/operator-error';

/** A file that the store has taken in whole. */
export interface StoredFile {
  key: string;
  bytes: number;
  /** In hexadecimal. */
  sha256: string;
}

/** A file being written; it is invisible until `finish`. */
export interface StoreWriter {
  /** Takes bytes; resolves when the next may follow, also in the same buffer. */
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<StoredFile>;
  /** Removes what has been written. It can be called at any time, even after `finish`, which it then undoes. */
  discard(): Promise<void>;
}

/** From the first to the last byte, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A file, finished or not, and the time (milliseconds of the real clock) of the last write. */
export interface StoreEntry {
  key: string;
  writtenAt: number;
}

/** A place for finished files. Its functions throw StoreUnavailableError, or a system's error, if it cannot be used. */
export interface FileStore {
  create(key: string): Promise<StoreWriter>;
  /** @throws FileNotFoundError */
  open(key: string, range?: ByteRange): Promise<Readable>;
  /** Removes a file and the leftovers of unfinished runs. */
  remove(key: string): Promise<void>;
  list(): Promise<StoreEntry[]>;
  /** Rejects if nothing can be stored now. */
  check(): Promise<void>;
}

/** The store does not have such a file, or no longer. */
export class FileNotFoundError extends Error {
  constructor(key: string) {
    super(`${key} is not in the store`);
  }
}

/** The store cannot be used for now; `cause` is the first error. */
export class StoreUnavailableError extends OperatorError {}
