import type { Request, RequestHandler } from 'express';
import { DETAIL_FILE_KINDS, type DetailFileKind } from '../models/detail-file/detail-file';
import type { BillingMonth } from '../models/billing/month';
import { createNotFoundError } from './middleware/errors';

/** Whose files the pages are about, and how they speak of them. */
export interface DetailFileOwner {
  contractId: number;
  contractCode: string;
  /** What the page calls the code: 契約コード. */
  codeName: string;
  months: BillingMonth[];
  /** Where the pages of the files begin. */
  base: string;
  /** The menu's entry. */
  menu: string;
  back: { href: string; words: string };
}

/** Which file the pages are about. */
export interface DetailFileContext extends DetailFileOwner {
  kind: DetailFileKind;
  month: BillingMonth;
  /** As the headings say it. */
  name: string;
  /** Of the file's status page; the others are below it. */
  path: string;
}

/** Finds whose files an address is about; 404 where it is not the visitor's. */
export type FindDetailFileOwner = (req: Request) => Promise<DetailFileOwner>;

declare module 'express-serve-static-core' {
  interface Request {
    detailFileContext?: DetailFileContext;
  }
}

const NAMES: Record<DetailFileKind, string> = { fees: 'ご利用料金', calls: '通話明細' };

/** Reads …/calls/201711 out of an address, for the handlers and the views; 404 where it is nothing of the owner's. */
export const loadDetailFileContext =
  (findOwner: FindDetailFileOwner): RequestHandler =>
  async (req, res, next) => {
    const owner = await findOwner(req);
    const kind = DETAIL_FILE_KINDS.find((one) => one === req.params.kind);
    const month = owner.months.find((one) => String(one) === req.params.month);
    if (!kind || month === undefined) throw createNotFoundError();
    const path = `${owner.base}/${kind}/${month}`;
    req.detailFileContext = { ...owner, kind, month, name: NAMES[kind], path };
    res.locals.subject = req.detailFileContext;
    next();
  };

export function detailFileContext(req: Request): DetailFileContext {
  if (!req.detailFileContext) throw new Error('No detail file is asked for');
  return req.detailFileContext;
}
