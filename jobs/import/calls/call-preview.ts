import type { NewCall } from '../../../models/call/new-call';
import type { LineLookup } from '../../../models/contract/line-lookup';
import type { RejectedRecord } from '../source/rejected-lines';

export interface PreviewedReject {
  line: number;
  reason: string;
}

/** A call as it would be stored, with the number of its line. */
export type PreviewedCall = NewCall & { number: string | undefined };

const MAX_PREVIEWED = 10;

/** The first calls and rejects of a dry run. It takes the place of the file of rejected lines. */
export class CallPreview {
  readonly calls: PreviewedCall[] = [];
  readonly rejects: PreviewedReject[] = [];
  count = 0;
  /** A dry run writes no file. */
  readonly file = undefined;

  constructor(private readonly lineLookup: LineLookup) {}

  /** Takes calls that the importer has taken, so that their areas are known. */
  addCalls(calls: readonly NewCall[]): void {
    for (const call of calls.slice(0, MAX_PREVIEWED - this.calls.length))
      this.calls.push({ ...call, number: this.lineLookup.getNumber(call.phone_number_id) });
  }

  addAll(rejects: readonly RejectedRecord[]): Promise<void> {
    this.count += rejects.length;
    for (const { record, reason } of rejects.slice(0, MAX_PREVIEWED - this.rejects.length))
      this.rejects.push({ line: record.line, reason });
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
