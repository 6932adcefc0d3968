import type { CallRecord } from '../../models/call-record';
import type { CallStaging } from '../../models/call-staging';
import { areaNameOf } from '../../models/area-name';
import type { NumberDirectory } from '../../models/number-directory';
import type { CsvRecord } from './csv-records';

export interface PreviewedReject {
  line: number;
  reason: string;
}

/** A call as it would be stored, with the number of its line. */
export type PreviewedCall = CallRecord & { number: string | undefined };

const SHOWN = 10;

/** What a dry run shows: the first calls and rejects, while all of them are staged to be counted. */
export class CallPreview {
  readonly calls: PreviewedCall[] = [];
  readonly rejects: PreviewedReject[] = [];
  header: readonly string[] = [];
  count = 0;
  /** There is no file of rejects. */
  readonly file = undefined;

  constructor(
    private readonly staging: CallStaging,
    private readonly directory: NumberDirectory,
  ) {}

  /** Takes a call, as CallStaging does. */
  add(call: CallRecord): Promise<void> | undefined {
    if (this.calls.length < SHOWN)
      this.calls.push({ ...call, number: this.directory.numberOf(call.phone_number_id) });
    return this.staging.add(call);
  }

  /** The shown calls with their areas, as they would be stored. */
  async withAreas(): Promise<PreviewedCall[]> {
    for (const call of this.calls) call.area ||= await areaNameOf(call.other_number);
    return this.calls;
  }

  reject({ line }: CsvRecord, reason: string): Promise<void> {
    this.count += 1;
    if (this.rejects.length < SHOWN) this.rejects.push({ line, reason });
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
