import { type Request, type RequestHandler, Router } from 'express';
import { getDetailFileProgress, requestDetailFile } from '../jobs/detail-files/request';
import { now } from '../lib/values/clock';
import type { BillingMonth } from '../models/billing/month';
import { labels } from '../models/call/labels';
import {
  countRequestsAhead,
  DETAIL_FILE_KINDS,
  type DetailFile,
  type DetailFileFormat,
  type DetailFileKind,
  expiresAt,
  findDetailFile,
  listDetailFileParts,
} from '../models/detail-file/detail-file';
import { recordEvent } from './sign-in';
import { findDownload, sendDownload } from './detail-file-download';
import { createNotFoundError } from './middleware/errors';

/** The owner of the files, and the pages' words for it. */
export interface DetailFileOwner {
  contractId: number;
  contractCode: string;
  /** The page's word for the code: 契約コード. */
  codeName: string;
  months: BillingMonth[];
  /** The path that the pages of the files begin with. */
  base: string;
  /** The menu's entry. */
  menu: string;
  back: { href: string; words: string };
}

/** The file that the pages are about. */
export interface DetailFileContext extends DetailFileOwner {
  kind: DetailFileKind;
  month: BillingMonth;
  /** The file's name in headings. */
  name: string;
  /** The path of the file's status page; the others are below it. */
  path: string;
}

/** Finds whose files an address is about; 404 if it is not the visitor's. */
export type FindDetailFileOwner = (req: Request) => Promise<DetailFileOwner>;

declare module 'express-serve-static-core' {
  interface Request {
    detailFileContext?: DetailFileContext;
  }
}

/** Takes requests for the files of an owner's months, shows how far they are, and sends them. */
export function createDetailFilesRouter(findOwner: FindDetailFileOwner): Router {
  const router = Router({ mergeParams: true });
  router.use('/:kind/:month', loadDetailFileContext(findOwner));
  router.get('/:kind/:month/request', showRequest);
  router.post('/:kind/:month/request', acceptRequest);
  router.get('/:kind/:month/accepted', showAccepted);
  router.get('/:kind/:month', showStatus);
  router.get('/:kind/:month/download', download);
  return router;
}

/** Reads …/calls/201711 out of an address, for the handlers and the views; 404 if it is nothing of the owner's. */
const loadDetailFileContext =
  (findOwner: FindDetailFileOwner): RequestHandler =>
  async (req, res, next) => {
    const owner = await findOwner(req);
    const kind = DETAIL_FILE_KINDS.find((one) => one === req.params.kind);
    const month = owner.months.find((one) => String(one) === req.params.month);
    if (!kind || month === undefined) throw createNotFoundError();
    const path = `${owner.base}/${kind}/${month}`;
    req.detailFileContext = { ...owner, kind, month, name: labels.fileHeading[kind], path };
    res.locals.subject = req.detailFileContext;
    next();
  };

function detailFileContext(req: Request): DetailFileContext {
  if (!req.detailFileContext) throw new Error('No detail file is asked for');
  return req.detailFileContext;
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

/** Decides how soon the page of an unfinished file reloads: quickly at first, then more slowly, or not at all. */
function getRefresh(req: Request, file: DetailFile): { seconds?: number; at: number } {
  const at = now();
  if (req.query.refresh === 'off') return { at };
  const age = at - file.requested_at;
  return { at, seconds: age < 20_000 ? 2 : age < 60_000 ? 5 : 10 };
}

/** Reads what the page of each status shows besides. */
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

const download: RequestHandler = async (req, res) => {
  const { contractId, contractCode, kind, month, path } = detailFileContext(req);
  const { status, file } = await findDetailFile(contractId, month, kind);
  if (status === 'expired' || status === 'stale') {
    // These pages explain why there is nothing to download any more.
    res.redirect(303, status === 'stale' ? path : `${path}/request`);
    return;
  }
  const format = req.query.format ?? 'csv';
  const part = file && status === 'ready' ? await findDownload(file, format) : undefined;
  if (!file || !part) throw createNotFoundError();
  await sendDownload(req, res, { file, part, contractCode }, () =>
    recordEvent(req, 'download', { file: file.id, kind, month, format }),
  );
};
