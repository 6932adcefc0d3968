import path from 'node:path';
import { CommandError } from '../../lib/process/operator-error';
import type { ProgressBar } from '../../lib/process/progress';
import { now } from '../../lib/values/clock';
import { timeLabel } from '../../lib/values/format';
import { findBatchByDigest, type ImportedBatch } from '../../models/call/batch';
import { listCallTypes } from '../../models/call/call-type';
import { CallImport } from '../../models/call/call-import';
import type { DifferingCall } from '../../models/call/staging-table';
import { openLineLookup } from '../../models/contract/line-lookup';
import { BlockReader } from './calls/block-reader';
import { type CallContext, CallTypeList } from './calls/call-parts';
import { CallPreview, type PreviewedCall, type PreviewedReject } from './calls/call-preview';
import { listUsedColumns } from './format/layout';
import { loadCallFormat, type NamedCallFormat } from './format/load';
import { isTimezone } from './format/values/timezone';
import { readCsv, type RecordBlock } from './source/csv-records';
import { readJsonRecords } from './source/json-records';
import { RejectedLines } from './source/rejected-lines';
import { type Encoding, inspectSourceFile, type SourceFile } from './source/source-file';
import { loadTariff } from './tables/tariff';

export interface ImportCallsOptions {
  format: string;
  tariff?: string;
  timezone?: string;
  /** The switch's name, where it is not the format's: a second machine of a kind. */
  switch?: string;
  encoding?: Encoding;
  /** Reads and shows, and changes nothing. */
  dryRun?: boolean;
  /** Takes a file again whose batch stands. */
  again?: boolean;
  /** Replaces known calls whose records say something else. */
  replace?: boolean;
  importedBy: string;
  progress?: ProgressBar;
}

export interface CallImportResult {
  file: string;
  format: string;
  /** Undefined if the file has no call of ours. */
  batch?: number;
  /** An earlier batch of the very same file. */
  same_file?: ImportedBatch;
  records: number;
  added: number;
  duplicates: number;
  /** The duplicates whose records say something else than the calls that are kept; the first of them by line. */
  differing: number;
  differences: DifferingCall[];
  /** Earlier calls whose place those of the file took. */
  replaced: number;
  unanswered: number;
  /** Calls added to months that had been published. */
  late: number;
  rejected: number;
  rejected_file?: string;
  /** The first calls and rejects of a dry run, as they would be stored. */
  calls?: PreviewedCall[];
  rejects?: PreviewedReject[];
}

const DEFAULT_ZONE = 'Asia/Tokyo';

/** @throws CommandError for an unknown format, tariff or time zone. */
export async function openCallImport(
  options: ImportCallsOptions,
): Promise<(file: string) => Promise<CallImportResult>> {
  const { timezone } = options;
  if (timezone !== undefined && !isTimezone(timezone))
    throw new CommandError(`There is no time zone “${timezone}”`);
  const rates = options.tariff === undefined ? undefined : await loadTariff(options.tariff);
  const callTypes = new CallTypeList(await listCallTypes());
  const lineLookup = await openLineLookup();
  return (file) => importCallFile(file, { lineLookup, callTypes, rates, timezone: timezone ?? '' }, options);
}

type ImportData = Omit<CallContext, 'switchName' | 'hasOldCalls'>;

/** One file is one batch: all of its good records come in, or none. */
async function importCallFile(
  file: string,
  data: ImportData,
  options: ImportCallsOptions,
): Promise<CallImportResult> {
  const format = loadCallFormat(options.format, file);
  const switchName = options.switch ?? format.switch;
  if (switchName === undefined)
    throw new CommandError(
      `${options.format} names no switch, which is part of what identifies a call. Add "switch": "NAME" to it, or give --switch NAME`,
    );
  const source = await inspectSourceFile(file, options.encoding ?? format.encoding);
  if (!options.again) await refuseKnownFile(source);
  const timezone = data.timezone || (format.zone ?? DEFAULT_ZONE);
  const importer = await CallImport.open({ isDryRun: options.dryRun, isReplacing: options.replace });
  const hasOldCalls = importer.lastOldBatch !== undefined;
  const context = { ...data, timezone, switchName, hasOldCalls };
  return importWith(importer, { source, format, context, options });
}

/** @throws CommandError if a batch stands that has imported this very file, whatever its name */
async function refuseKnownFile({ path: file, sha256 }: SourceFile): Promise<void> {
  const batch = await findBatchByDigest(sha256);
  if (!batch) return;
  const { id, imported_at } = batch;
  throw new CommandError(
    `${file} was imported before: ${timeLabel(imported_at)}, as batch ${id}. Nothing is changed. ` +
      `Undo that batch first (meisai batch undo ${id}), or give --again`,
  );
}

interface ImportTask {
  source: SourceFile;
  format: NamedCallFormat;
  context: CallContext;
  options: ImportCallsOptions;
}

/** The pipeline: records → calls → rows, a block of the file at a time. */
async function importWith(
  importer: CallImport,
  { source, format, context, options }: ImportTask,
): Promise<CallImportResult> {
  const preview = options.dryRun ? new CallPreview(context.lineLookup) : undefined;
  const rejected = preview ?? new RejectedLines(source.path);
  const reader = new BlockReader(format, source.path, context);
  options.progress?.start(source.path, source.bytes);
  try {
    for await (const block of readRecords(source, format)) {
      const { calls, rejects } = reader.readBlock(block);
      await importer.addAll(calls);
      await rejected.addAll(rejects, reader.header);
      preview?.addCalls(calls);
      options.progress?.update(reader.records, block.bytes);
    }
    if (reader.isEmpty) throw new CommandError(`${source.path} is empty`);
    await rejected.addAll(reader.readRest(), reader.header);
    const { records, unanswered } = reader;
    const counts = { records, unanswered, rejected: rejected.count };
    const { batchId, ...merged } = await importer.merge({
      ...{ file_name: path.basename(source.path), sha256: source.sha256, format: format.name },
      ...{ imported_by: options.importedBy, imported_at: now() },
      ...counts,
    });
    const same_file = await findBatchByDigest(source.sha256, batchId);
    await rejected.close();
    const result = {
      file: source.path,
      format: format.name,
      batch: batchId,
      same_file,
      ...counts,
      ...merged,
    };
    return { ...result, rejected_file: rejected.file, calls: preview?.calls, rejects: preview?.rejects };
  } finally {
    await rejected.stop();
    await importer.close();
  }
}

function readRecords(source: SourceFile, format: NamedCallFormat): AsyncGenerator<RecordBlock> {
  const { kind, percent_encoded: isPercentEncoded } = format;
  if (kind === 'csv') return readCsv(source, format);
  return readJsonRecords(source, { paths: listUsedColumns(format), isPercentEncoded });
}
