import { getCallIdRange, listCallBatchMonths } from './batch';
import { db } from '../../lib/database/db';

/** A call that came when its month had been published. */
export interface LateCall {
  contract: string;
  /** Digits. */
  number: string;
  billing_month: number;
  direction: number;
  /** 0.1 s since the epoch */
  started_at: number;
  /** 0.1 s */
  duration: number;
  other_number: string;
  /** 1/100 yen */
  charge: number;
}

/** The late calls of a batch, in the order of their import. */
export async function listLateCalls(batchId: number, limit: number): Promise<LateCall[]> {
  const months = (await listCallBatchMonths(batchId)).filter(({ late }) => late);
  if (months.length === 0) return [];
  return db('calls as c')
    .join('contracts as k', 'k.id', 'c.contract_id')
    .join('phone_numbers as n', 'n.id', 'c.phone_number_id')
    .whereIn(
      'c.billing_month',
      months.map(({ billing_month }) => billing_month),
    )
    .whereBetween('c.id', getCallIdRange(batchId))
    .orderBy('c.id')
    .limit(limit)
    .select(
      'k.code as contract',
      ...[
        'n.number',
        'c.billing_month',
        'c.direction',
        'c.started_at',
        'c.duration',
        'c.other_number',
        'c.charge',
      ],
    );
}
