import { type Request, type RequestHandler, Router } from 'express';
import { getDetailFileProgress, enqueueBuild } from '../jobs/detail-files/queue';
import { now } from '../lib/values/clock';
import {
  type DetailFile,
  type DetailFileFormat,
  findDetailFile,
  expiresAt,
  listDetailFileParts,
  countRequestsAhead,
} from '../models/detail-file/detail-file';
import { requestDetailFile } from '../models/detail-file/request';
import { recordEvent } from './sign-in';
import { downloadDetailFile } from './detail-file-download';
import { type FindDetailFileOwner, loadDetailFileContext, detailFileContext } from './detail-file-subject';

/** Asks for the files of an owner's months, shows how far they are, and gives them out. */
export function createDetailFilesRouter(findOwner: FindDetailFileOwner): Router {
  const router = Router({ mergeParams: true });
  router.use('/:kind/:month', loadDetailFileContext(findOwner));
  router.get('/:kind/:month/request', showRequest);
  router.post('/:kind/:month/request', acceptRequest);
  router.get('/:kind/:month/accepted', showAccepted);
  router.get('/:kind/:month', showStatus);
  router.get('/:kind/:month/download', downloadDetailFile);
  return router;
}

const findRequestedFile = (req: Request) => {
  const { contractId, month, kind } = detailFileContext(req);
  return findDetailFile(contractId, month, kind);
};

const showRequest: RequestHandler = async (req, res) => {
  const { status } = await findRequestedFile(req);
  if (['queued', 'making', 'ready'].includes(status)) res.redirect(303, detailFileContext(req).path);
  else res.render('detail-files/request', { status });
};

const acceptRequest: RequestHandler = async (req, res) => {
  const { contractId, month, kind, path } = detailFileContext(req);
  const file = await requestDetailFile(contractId, month, kind);
  await enqueueBuild(file.id);
  await recordEvent(req, 'file_request', { file: file.id, kind, month });
  res.redirect(303, `${path}/accepted`);
};

const showAccepted: RequestHandler = async (req, res) => {
  const { path } = detailFileContext(req);
  const { status } = await findRequestedFile(req);
  if (status === 'none' || status === 'expired') {
    res.redirect(303, `${path}/request`);
    return;
  }
  res.set('Refresh', `1; url=${path}`);
  res.render('detail-files/accepted');
};

const showStatus: RequestHandler = async (req, res) => {
  const { path } = detailFileContext(req);
  const { status, file } = await findRequestedFile(req);
  if (!file || status === 'none' || status === 'expired') {
    res.redirect(303, `${path}/request`);
    return;
  }
  const refresh = getRefresh(req, file);
  if ((status === 'queued' || status === 'making') && refresh.seconds)
    res.set('Refresh', `${refresh.seconds}; url=${path}`);
  res.render(`detail-files/${status}`, { file, refresh, ...(await detailsByStatus[status](file)) });
};

/** How soon the page of a file on its way asks again: quickly at first, then more slowly, or not at all. */
function getRefresh(req: Request, file: DetailFile): { seconds?: number; at: number } {
  const at = now();
  if (req.query.refresh === 'off') return { at };
  const age = at - file.requested_at;
  return { at, seconds: age < 20_000 ? 2 : age < 60_000 ? 5 : 10 };
}

/** What the page of each status shows besides. */
const detailsByStatus = {
  queued: async (file: DetailFile) => ({ ahead: await countRequestsAhead(file) }),
  making: async (file: DetailFile) => ({ progress: await getProgress(file) }),
  ready: getReadyDetails,
  failed: (file: DetailFile) => Promise.resolve({ failure: file.failure }),
  stale: () => Promise.resolve({}),
};

async function getProgress(file: DetailFile) {
  const progress = await getDetailFileProgress(file.id);
  if (!progress || progress.total === 0) return undefined;
  return { ...progress, percent: Math.min(99, Math.floor((progress.done * 100) / progress.total)) };
}

const OTHER_FORMATS: Partial<Record<DetailFileFormat, string>> = {
  utf8: 'CSV・UTF-8形式',
  'csv-zip': 'ZIP形式',
  'utf8-zip': 'ZIP・UTF-8形式',
};

async function getReadyDetails(file: DetailFile) {
  const parts = await listDetailFileParts(file);
  const others = Object.entries(OTHER_FORMATS).flatMap(([format, words]) =>
    parts.filter((part) => part.format === format).map(({ bytes }) => ({ format, words, bytes })),
  );
  return { until: expiresAt(file), csv: parts.find(({ format }) => format === 'csv'), others };
}
