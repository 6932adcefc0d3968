import type { CallRecord } from '../../../models/call/new-call';
import { areaNameOf } from '../../../models/phone-number/area-name';
import type { NumberDirectory } from '../../../models/contract/line-lookup';
import type { CallSink } from '../call-file-reading';
import type { CsvRecord } from '../source/csv-records';

export interface PreviewedReject {
  line: number;
  reason: string;
}

/** A call as it would be stored, with the number of its line. */
export type PreviewedCall = CallRecord & { number: string | undefined };

const SHOWN = 10;

/** What a dry run shows: the first calls and rejects, while all of them go on to be counted. */
export class CallPreview {
  readonly shown: PreviewedCall[] = [];
  readonly rejects: PreviewedReject[] = [];
  header: readonly string[] = [];
  count = 0;
  /** There is no file of rejects. */
  readonly file = undefined;

  constructor(
    private readonly calls: CallSink,
    private readonly directory: NumberDirectory,
  ) {}

  add(call: CallRecord): Promise<void> | undefined {
    if (this.shown.length < SHOWN)
      this.shown.push({ ...call, number: this.directory.numberOf(call.phone_number_id) });
    return this.calls.add(call);
  }

  /** The shown calls with their areas, as they would be stored. */
  async withAreas(): Promise<PreviewedCall[]> {
    for (const call of this.shown) call.area ||= await areaNameOf(call.other_number);
    return this.shown;
  }

  reject({ line }: CsvRecord, reason: string): Promise<void> {
    this.count += 1;
    if (this.rejects.length < SHOWN) this.rejects.push({ line, reason });
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
