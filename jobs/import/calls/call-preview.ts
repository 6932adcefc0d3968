import type { NewCall } from '../../../models/call/new-call';
import { getAreaName } from '../../../models/phone-number/area-name';
import type { LineLookup } from '../../../models/contract/line-lookup';
import type { CallTarget } from '../call-file-reading';
import type { CsvRecord } from '../source/csv-records';

export interface PreviewedReject {
  line: number;
  reason: string;
}

/** A call as it would be stored, with the number of its line. */
export type PreviewedCall = NewCall & { number: string | undefined };

const MAX_PREVIEWED = 10;

/** What a dry run shows: the first calls and rejects, while all of them go on to be counted. */
export class CallPreview {
  readonly previewed: PreviewedCall[] = [];
  readonly rejects: PreviewedReject[] = [];
  header: readonly string[] = [];
  count = 0;
  /** There is no file of rejects. */
  readonly file = undefined;

  constructor(
    private readonly calls: CallTarget,
    private readonly lineLookup: LineLookup,
  ) {}

  add(call: NewCall): Promise<void> | undefined {
    if (this.previewed.length < MAX_PREVIEWED)
      this.previewed.push({ ...call, number: this.lineLookup.getNumber(call.phone_number_id) });
    return this.calls.add(call);
  }

  /** The shown calls with their areas, as they would be stored. */
  async resolveAreas(): Promise<PreviewedCall[]> {
    for (const call of this.previewed) call.area ||= await getAreaName(call.other_number);
    return this.previewed;
  }

  reject({ line }: CsvRecord, reason: string): Promise<void> {
    this.count += 1;
    if (this.rejects.length < MAX_PREVIEWED) this.rejects.push({ line, reason });
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
