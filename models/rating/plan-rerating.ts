import { INTERNAL, OUTGOING } from '../call/new-call';
import type { CallType } from '../call/call-type';
import type { Queryable } from '../../lib/database/db';
import { type BillingMonth, getBillingMonth } from '../billing/month';
import { type RatedCall, readRatedCalls } from './read-rated-calls';
import { CHARGE_LIMIT, computeCharge, type RateTable } from './rate-table';
import { type ReratedRow, stageRerated } from './rerated-table';
import { OperatorError } from '../../lib/process/operator-error';

/** A month cannot be rated again; nothing has changed. */
export class RatingError extends OperatorError {}

export interface Rerating {
  month: BillingMonth;
  rates: RateTable;
  /** Code of the one contract to re-rate; all by default. */
  contract?: string;
  /** Whether calls also get the call types of the tariff. */
  withTypes?: boolean;
}

export interface RerateResult {
  /** Outgoing calls that were rated. */
  calls: number;
  changed: number;
  /** Counted calls of version 0.1.0, whose durations were not kept: they stay as they are where the tariff times them. */
  without_duration: number;
  /** 1/100 yen: the sum of these calls before and after. */
  before: number;
  after: number;
}

export type RerateProgress = (calls: number, all: number) => void;

/** Computes what re-rating a month would change. */
export class ReratingPlan {
  private readonly types: ReadonlyMap<number, CallType>;

  constructor(
    private readonly rerating: Rerating,
    private readonly contractId: number | undefined,
    types: CallType[],
    private readonly progress: RerateProgress | undefined,
  ) {
    this.types = new Map(types.map((type) => [type.id, type]));
  }

  /** A text that differs once any of the calls have changed. */
  async version(on: Queryable): Promise<string> {
    return JSON.stringify(
      await this.selectMonths(on).orderBy('contract_id').select('contract_id', 'version'),
    );
  }

  private selectMonths(on: Queryable) {
    const months = on('contract_months').where({ billing_month: this.rerating.month });
    return this.contractId === undefined ? months : months.where({ contract_id: this.contractId });
  }

  async compute(on: Queryable): Promise<RerateResult> {
    const result: RerateResult = { calls: 0, changed: 0, without_duration: 0, before: 0, after: 0 };
    const all = await this.countCalls(on);
    for (const { contract_id } of await this.selectMonths(on).select<{ contract_id: number }[]>(
      'contract_id',
    ))
      for await (const calls of readRatedCalls(on, contract_id, this.rerating.month)) {
        const rerated = calls.map((call) => this.rerate(call, result));
        await stageRerated(
          on,
          rerated.filter((row, index) => row.is_changed || row.rate_id !== calls[index]?.rate_id),
        );
        result.calls += calls.length;
        result.changed += rerated.filter(({ is_changed }) => is_changed).length;
        result.before += calls.reduce((sum, { charge }) => sum + charge, 0);
        result.after += rerated.reduce((sum, { charge }) => sum + charge, 0);
        this.progress?.(result.calls, all);
      }
    return result;
  }

  private async countCalls(on: Queryable): Promise<number> {
    const sums = on('contract_sums').where({ billing_month: this.rerating.month, direction: OUTGOING });
    if (this.contractId !== undefined) void sums.where({ contract_id: this.contractId });
    const row = await sums.sum({ calls: 'calls' }).first<{ calls: number | null }>();
    return row.calls ?? 0;
  }

  private rerate(call: RatedCall, result: RerateResult): ReratedRow {
    const { other_number, started_at, duration, line_class } = call;
    const rate = this.rerating.rates.findRate(other_number, started_at);
    if (!rate && line_class !== INTERNAL)
      throw new RatingError(
        `The tariff has no rate for ${other_number} at the time of the call; nothing is changed. Bring one in by meisai import tariff`,
      );
    const call_type_id = (this.rerating.withTypes ? rate?.call_type_id : undefined) ?? call.call_type_id;
    const counted = this.isCounted(call_type_id);
    if (!counted && duration === 0 && this.isCounted(call.call_type_id)) {
      result.without_duration += 1;
      return this.toRow(call, call);
    }
    const charge = rate ? computeCharge(rate, duration, counted) : 0;
    if (charge >= CHARGE_LIMIT)
      throw new RatingError(
        `A call to ${other_number} would cost ${charge / 100} yen, which is not below 999,999.50; nothing is changed`,
      );
    return this.toRow(call, { call_type_id, charge, rate_id: rate?.id ?? null });
  }

  private isCounted(typeId: number): boolean {
    return Boolean(this.types.get(typeId)?.counted);
  }

  /** A change of the type may move the call to another month. */
  private toRow(
    { contract_id, phone_number_id, started_at, duration, id, ...call }: RatedCall,
    { call_type_id, charge, rate_id }: Pick<RatedCall, 'call_type_id' | 'charge' | 'rate_id'>,
  ): ReratedRow {
    const is_changed = charge !== call.charge || call_type_id !== call.call_type_id;
    const { month: billing_month } = this.rerating;
    const new_month =
      call_type_id === call.call_type_id
        ? billing_month
        : getBillingMonth(started_at, duration, this.isCounted(call_type_id));
    return {
      ...{ contract_id, billing_month, phone_number_id, started_at, id },
      ...{ new_month, call_type_id, charge, rate_id, is_changed },
    };
  }
}
