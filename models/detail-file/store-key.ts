import type { DetailFileFormat } from './detail-file';

/** Where a run keeps a part of a file: each run of a file that is not ready yet has keys of its own. */
export const storeKeyOf = (id: number, claim: string | null, format: DetailFileFormat): string =>
  `${id}-${claim}.${format}`;
