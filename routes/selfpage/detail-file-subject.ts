import type { Request } from 'express';
import { DETAIL_FILE_KINDS, type DetailFileKind } from '../../models/detail-file';
import type { BillingMonth } from '../../models/month';
import { notFound } from '../errors';
import { monthOf } from './customer';

/** Which file the pages are about. */
export interface SubjectOfFile {
  kind: DetailFileKind;
  month: BillingMonth;
  /** As the headings say it. */
  name: string;
  /** Of the file's status page; the others are below it. */
  path: string;
}

const NAMES: Record<DetailFileKind, string> = { fees: 'ご利用料金', calls: '通話明細' };

/** Reads …/calls/201711 out of an address; 404 where it is nothing of the customer's. */
export function subjectOf(req: Request): SubjectOfFile {
  const kind = DETAIL_FILE_KINDS.find((one) => one === req.params.kind);
  if (!kind) throw notFound();
  const month = monthOf(req);
  return { kind, month, name: NAMES[kind], path: `/selfpage/detail-files/${kind}/${month}` };
}
