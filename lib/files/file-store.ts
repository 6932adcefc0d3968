import path from 'node:path';
import { config } from '../../config';
import { DiskStore } from './disk-store';
import { S3Store } from './s3-store';
import type { FileStore } from './store';

let currentStore: FileStore | undefined;

/** FILE_STORE chooses it at the first use. */
const getStore = (): FileStore =>
  (currentStore ??= config.FILE_STORE
    ? new S3Store(config.FILE_STORE)
    : new DiskStore(path.join(config.DATA_DIR, 'detail-files')));

/** The store of detail files. */
export const fileStore: FileStore = {
  create: (key) => getStore().create(key),
  open: (key, range) => getStore().open(key, range),
  remove: (key) => getStore().remove(key),
  list: () => getStore().list(),
  check: () => getStore().check(),
};
