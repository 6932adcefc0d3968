import { INTERNAL, OUTGOING } from '../call/new-call';
import type { CallType } from '../call/call-type';
import type { Queryable } from '../../lib/database/db';
import type { BillingMonth } from '../billing/month';
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
    const result: RerateResult = { calls: 0, changed: 0, before: 0, after: 0 };
    const all = await this.countCalls(on);
    for (const { contract_id } of await this.selectMonths(on).select<{ contract_id: number }[]>(
      'contract_id',
    ))
      for await (const calls of readRatedCalls(on, contract_id, this.rerating.month)) {
        const rerated = calls.map((call) => this.rerate(call));
        const changed = rerated.filter((row, index) => hasChanged(row, calls[index]));
        await stageRerated(on, changed);
        result.calls += calls.length;
        result.changed += changed.length;
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

  private rerate(call: RatedCall): ReratedRow {
    const { other_number, started_at, duration, line_class } = call;
    const rate = this.rerating.rates.findRate(other_number, started_at);
    if (!rate && line_class !== INTERNAL)
      throw new RatingError(
        `The tariff has no rate for ${other_number} at the time of the call; nothing is changed. Bring one in by meisai import tariff`,
      );
    const call_type_id = (this.rerating.withTypes ? rate?.call_type_id : undefined) ?? call.call_type_id;
    const counted = Boolean(this.types.get(call_type_id)?.counted);
    const charge = rate ? computeCharge(rate, duration, counted) : 0;
    if (charge >= CHARGE_LIMIT)
      throw new RatingError(
        `A call to ${other_number} would cost ${charge / 100} yen, which is not below 999,999.50; nothing is changed`,
      );
    const { contract_id, phone_number_id, id } = call;
    return {
      contract_id,
      billing_month: this.rerating.month,
      phone_number_id,
      started_at,
      id,
      call_type_id,
      charge,
    };
  }
}

const hasChanged = (row: ReratedRow, call: RatedCall | undefined): boolean =>
  row.charge !== call?.charge || row.call_type_id !== call.call_type_id;
