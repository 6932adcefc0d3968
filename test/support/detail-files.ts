import { buffer } from 'node:stream/consumers';
import {
  type DetailFile,
  type DetailFileFormat,
  type DetailFileKind,
  listDetailFileParts,
  insertDetailFile,
  findCurrentDetailFile,
} from '../../models/detail-file/detail-file';
import { buildDetailFile } from '../../models/detail-file/build';
import { fileStore } from '../../lib/files/file-store';

/** Asks for a file and makes it in this process. */
export async function buildRequestedFile(
  contractId: number,
  month: number,
  kind: DetailFileKind,
): Promise<DetailFile> {
  const { id } = await insertDetailFile(contractId, month, kind);
  await buildDetailFile(id, () => undefined, new AbortController().signal);
  const file = await findCurrentDetailFile(id);
  if (!file) throw new Error('the file is not there');
  return file;
}

/** The stored bytes of a part of a file. */
export async function readPart(file: Pick<DetailFile, 'id'>, format: DetailFileFormat): Promise<Buffer> {
  const part = (await listDetailFileParts(file)).find((one) => one.format === format);
  if (!part) throw new Error(`the file has no ${format}`);
  return buffer(await fileStore.open(part.store_key));
}
