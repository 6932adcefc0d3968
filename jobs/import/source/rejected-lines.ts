import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { access, constants, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { config } from '../../../config';
import { formatCsvField } from '../../../lib/values/csv';
import type { SourceRecord } from './csv-records';

/** A line that cannot be imported. The message is its reason in the file of rejected lines. */
export class LineRejection extends Error {}

/** A record that was refused, and why. */
export interface RejectedRecord {
  record: SourceRecord;
  reason: string;
}

/** Writes the rejected lines of a file to FILE.rejected.csv, beside it or under DATA_DIR. */
export class RejectedLines {
  count = 0;
  /** Path of the written file; undefined while nothing was rejected. */
  file?: string;
  private stream?: WriteStream;

  constructor(private readonly source: string) {}

  /** Adds the rejects of a block. The header is written before the first of them. */
  async addAll(rejects: readonly RejectedRecord[], header: readonly string[]): Promise<void> {
    if (rejects.length === 0) return;
    this.count += rejects.length;
    this.stream ??= await this.open(header);
    for (const { record, reason } of rejects)
      await this.write([String(record.line), reason, ...record.fields]);
  }

  /** Ends the file. If nothing was rejected, the file of an earlier run is removed. */
  async close(): Promise<void> {
    if (this.stream) return this.stop();
    for (const file of [getPathBeside(this.source), getPathInDataDir(this.source)])
      await rm(file, { force: true }).catch(() => undefined);
  }

  /** Ends the file, also after the import itself has failed. */
  async stop(): Promise<void> {
    if (!this.stream || this.stream.closed) return;
    this.stream.end();
    await once(this.stream, 'close');
  }

  private async open(header: readonly string[]): Promise<WriteStream> {
    this.file = await choosePath(this.source);
    this.stream = createWriteStream(this.file);
    await once(this.stream, 'open');
    await this.write(['line', 'reason', ...header]);
    return this.stream;
  }

  private async write(fields: string[]): Promise<void> {
    const line = `${fields.map(formatCsvField).join(',')}\n`;
    if (this.stream?.write(line) === false) await once(this.stream, 'drain');
  }
}

const getPathBeside = (source: string): string => `${source}.rejected.csv`;
const getPathInDataDir = (source: string): string =>
  path.join(config.DATA_DIR, 'rejected', `${path.basename(source)}.rejected.csv`);

async function choosePath(source: string): Promise<string> {
  const beside = getPathBeside(source);
  try {
    await access(path.dirname(beside), constants.W_OK);
    return beside;
  } catch {
    const own = getPathInDataDir(source);
    await mkdir(path.dirname(own), { recursive: true, mode: 0o700 });
    return own;
  }
}
