import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { access, constants, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { config } from '../../../config';
import { formatCsvField } from './csv-fields';
import type { CsvRecord } from './csv-records';

/** The lines of a file that could not be brought in: FILE.rejected.csv, beside it or under DATA_DIR. */
export class RejectedLines {
  count = 0;
  /** Where the lines are, once there are any. */
  file?: string;
  private stream?: WriteStream;

  constructor(
    private readonly source: string,
    public header: readonly string[] = [],
  ) {}

  async reject({ line, fields, written = fields }: CsvRecord, reason: string): Promise<void> {
    this.count += 1;
    this.stream ??= await this.open();
    await this.write([String(line), reason, ...written]);
  }

  /** Ends the file; one of an earlier run goes where nothing was rejected now. */
  async close(): Promise<void> {
    if (this.stream) return this.stop();
    for (const file of [getPathBeside(this.source), getPathInDataDir(this.source)])
      await rm(file, { force: true }).catch(() => undefined);
  }

  /** Ends the file; good where the import itself has failed. */
  async stop(): Promise<void> {
    if (!this.stream || this.stream.closed) return;
    this.stream.end();
    await once(this.stream, 'close');
  }

  private async open(): Promise<WriteStream> {
    this.file = await choosePath(this.source);
    this.stream = createWriteStream(this.file);
    await once(this.stream, 'open');
    await this.write(['line', 'reason', ...this.header]);
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
