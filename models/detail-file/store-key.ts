import type { DetailFileFormat } from './detail-file';

/** Where a run keeps a part of a file: each run of a file that is not ready yet has keys of its own. */
export const buildStoreKey = (id: number, lease: string | null, format: DetailFileFormat): string =>
  `${id}-${lease}.${format}`;
