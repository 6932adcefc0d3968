import path from 'node:path';
import { type ImportedBatch, findBatchByDigest } from '../../models/call/batch';
import { listCallTypes } from '../../models/call/call-type';
import { StagedCallImport } from '../../models/call/staged-import';
import { now } from '../../lib/values/clock';
import { FastCallImport } from '../../models/call/fast-import';
import { openLineLookup } from '../../models/contract/line-lookup';
import { isKnownCallError } from '../../models/call/staging-table';
import { CommandError } from '../../lib/process/operator-error';
import { type CallContext, CallTypeList } from './calls/call-context';
import { CallFileReader } from './call-file-reading';
import { loadCallFormat, type NamedCallFormat } from './format/load';
import type { ImportProgress } from './import-progress';
import { isTimezone } from './format/values/timezone';
import { CallPreview, type PreviewedCall, type PreviewedReject } from './calls/call-preview';
import { RejectedLines } from './source/rejected-lines';
import { type Encoding, inspectSourceFile, type SourceFile } from './source/source-file';
import { loadTariff } from './tables/tariff';

export interface CallImportOptions {
  format: string;
  tariff?: string;
  timezone?: string;
  encoding?: Encoding;
  /** Reads and shows, and leaves everything as it is. */
  dryRun?: boolean;
  importedBy: string;
  progress?: ImportProgress;
}

export interface CallImportResult {
  file: string;
  format: string;
  /** Undefined where nothing was added. */
  batch?: number;
  /** The batch that the very same file came in by before. */
  same_file?: ImportedBatch;
  records: number;
  added: number;
  duplicates: number;
  unanswered: number;
  /** Calls added to months that had been published. */
  late: number;
  rejected: number;
  rejected_file?: string;
  /** Of a dry run: the first calls as they would be stored, and the first rejects. */
  calls?: PreviewedCall[];
  rejects?: PreviewedReject[];
}

const DEFAULT_ZONE = 'Asia/Tokyo';

/** @throws CommandError for an unknown format, tariff or time zone. */
export async function openCallImport(
  options: CallImportOptions,
): Promise<(file: string) => Promise<CallImportResult>> {
  const { timezone } = options;
  if (timezone !== undefined && !isTimezone(timezone))
    throw new CommandError(`There is no time zone “${timezone}”`);
  const rates = options.tariff === undefined ? undefined : await loadTariff(options.tariff);
  const callTypes = new CallTypeList(await listCallTypes());
  const lineLookup = await openLineLookup();
  return (file) => importCallFile(file, { lineLookup, callTypes, rates, timezone: timezone ?? '' }, options);
}

/**
 * One file is one batch: all of its good records come in, or none. Where all of its calls turn out to be new, which is
 * the usual case, one reading is enough.
 */
async function importCallFile(
  file: string,
  context: CallContext,
  options: CallImportOptions,
): Promise<CallImportResult> {
  const format = loadCallFormat(options.format, file);
  const source = await inspectSourceFile(file, options.encoding ?? format.encoding);
  const zoned = { ...context, timezone: context.timezone || (format.zone ?? DEFAULT_ZONE) };
  const task = { source, format, context: zoned, options };
  if (!options.dryRun && !(await findBatchByDigest(source.sha256)))
    try {
      return await importWith(await FastCallImport.open(), task);
    } catch (error) {
      if (!isKnownCallError(error)) throw error;
    }
  return importWith(await StagedCallImport.open({ isDryRun: options.dryRun }), task);
}

interface ImportTask {
  source: SourceFile;
  format: NamedCallFormat;
  context: CallContext;
  options: CallImportOptions;
}

async function importWith(
  calls: FastCallImport | StagedCallImport,
  { source, format, context, options }: ImportTask,
): Promise<CallImportResult> {
  const preview = options.dryRun ? new CallPreview(calls, context.lineLookup) : undefined;
  const rejects = preview ?? new RejectedLines(source.path);
  options.progress?.start(source.path, source.bytes);
  try {
    const reader = new CallFileReader(source, format, context, preview ?? calls, rejects);
    await reader.run(options.progress);
    const { records, unanswered } = reader;
    const counts = { records, unanswered, rejected: rejects.count };
    const { batchId, ...merged } = await calls.merge({
      file_name: path.basename(source.path),
      sha256: source.sha256,
      format: format.name,
      imported_by: options.importedBy,
      imported_at: now(),
      ...counts,
    });
    const same_file = await findBatchByDigest(source.sha256, batchId);
    await rejects.close();
    const result = {
      file: source.path,
      format: format.name,
      batch: batchId,
      same_file,
      ...counts,
      ...merged,
    };
    return {
      ...result,
      rejected_file: rejects.file,
      calls: await preview?.resolveAreas(),
      rejects: preview?.rejects,
    };
  } finally {
    await rejects.stop();
    await calls.close();
  }
}
