import type { Request, RequestHandler, Response } from 'express';
import {
  DETAIL_FILE_FORMATS,
  type DetailFileFormat,
  type DetailFilePart,
  findDetailFile,
  listDetailFileParts,
} from '../models/detail-file/detail-file';
import { buildDetailFileNames } from '../models/detail-file/download-name';
import { recordEvent } from './sign-in';
import { createNotFoundError } from './middleware/errors';
import { detailFileContext } from './detail-file-subject';
import { sendStoredFile } from './stored-file';

const CONTENT_TYPES: Record<DetailFileFormat, string> = {
  csv: 'text/csv; charset=Shift_JIS',
  utf8: 'text/csv; charset=utf-8',
  'csv-zip': 'application/zip',
  'utf8-zip': 'application/zip',
};

export const downloadDetailFile: RequestHandler = async (req, res) => {
  const { contractId, contractCode, kind, month, path } = detailFileContext(req);
  const { status, file } = await findDetailFile(contractId, month, kind);
  if (status === 'expired' || status === 'stale') {
    // They say why there is nothing to download any more.
    res.redirect(303, status === 'stale' ? path : `${path}/request`);
    return;
  }
  const format = req.query.format ?? 'csv';
  const part = file && status === 'ready' ? await findPart(file.id, format) : undefined;
  if (!file || !part) throw createNotFoundError();
  setDownloadHeaders(req, res, part, buildDetailFileNames(file, contractCode, part.format));
  await sendStoredFile(req, res, part, () =>
    recordEvent(req, 'download', { file: file.id, kind, month, format }),
  );
};

async function findPart(id: number, format: unknown): Promise<DetailFilePart | undefined> {
  if (!DETAIL_FILE_FORMATS.some((one) => one === format)) return undefined;
  return (await listDetailFileParts({ id })).find((part) => part.format === format);
}

function setDownloadHeaders(
  req: Request,
  res: Response,
  part: DetailFilePart,
  name: { ascii: string; japanese: string },
): void {
  res.set({
    'Content-Type': CONTENT_TYPES[part.format],
    // RFC 6266; browsers that do not know filename* take the other.
    'Content-Disposition': `attachment; filename="${name.ascii}"; filename*=UTF-8''${encodeURIComponent(name.japanese)}`,
    ETag: `"${part.sha256}"`,
    'Accept-Ranges': 'bytes',
    'Cache-Control': getCacheControl(req),
  });
  res.removeHeader('Pragma');
}

/**
 * Internet Explorer up to 8 saves a download over TLS by way of its cache, and cannot where no-store, no-cache or
 * Pragma keeps it out of there (Microsoft KB 323308, 815313; mended in 9). It gets `private` alone, everybody else
 * no-store.
 */
function getCacheControl(req: Request): string {
  const isOldExplorer = /MSIE [2-8]\./.test(req.get('user-agent') ?? '');
  return isOldExplorer && req.secure ? 'private' : 'private, no-store';
}
