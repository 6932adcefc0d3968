import type { Request, Response } from 'express';
import {
  type DetailFile,
  type DetailFileFormat,
  type DetailFilePart,
  listDetailFileParts,
} from '../models/detail-file/detail-file';
import { buildDetailFileNames } from '../models/detail-file/download-name';
import { sendStoredFile } from './stored-file';

const CONTENT_TYPES: Record<DetailFileFormat, string> = {
  csv: 'text/csv; charset=Shift_JIS',
  utf8: 'text/csv; charset=utf-8',
  'csv-zip': 'application/zip',
  'utf8-zip': 'application/zip',
};

/** Finds the part of a ready file that an address asks for. */
export async function findDownload(file: DetailFile, format: unknown): Promise<DetailFilePart | undefined> {
  return (await listDetailFileParts(file)).find((part) => part.format === format);
}

/** Sends a part of a file under its name. `onSend` is awaited before bytes go out. */
export async function sendDownload(
  req: Request,
  res: Response,
  { file, part, contractCode }: { file: DetailFile; part: DetailFilePart; contractCode: string },
  onSend: () => Promise<void>,
): Promise<void> {
  const name = buildDetailFileNames(file, contractCode, part.format);
  res.set({
    'Content-Type': CONTENT_TYPES[part.format],
    // RFC 6266; browsers that do not know filename* take the other.
    'Content-Disposition': `attachment; filename="${name.ascii}"; filename*=UTF-8''${encodeURIComponent(name.japanese)}`,
    ETag: `"${part.sha256}"`,
    'Accept-Ranges': 'bytes',
    'Cache-Control': getCacheControl(req),
  });
  res.removeHeader('Pragma');
  await sendStoredFile(req, res, part, onSend);
}

/**
 * Internet Explorer up to 8 saves a download over TLS from its cache, and fails if no-store, no-cache or Pragma keeps
 * the file out of there (Microsoft KB 323308, 815313; fixed in 9). It gets `private` alone, everybody else no-store.
 */
function getCacheControl(req: Request): string {
  const isOldExplorer = /MSIE [2-8]\./.test(req.get('user-agent') ?? '');
  return isOldExplorer && req.secure ? 'private' : 'private, no-store';
}
