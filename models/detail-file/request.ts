import { OUTGOING } from '../call/new-call';
import { now } from '../../lib/values/clock';
import { db, type Queryable } from '../../lib/database/db';
import { type DetailFile, type DetailFileKind, expiryCutoff } from './detail-file';
import type { BillingMonth } from '../billing/month';

/**
 * Asks for a file and returns the live row: a new one, or the one that is there, unless that has failed, is past its
 * time or shows calls that have changed since. Two requests at once get the same row.
 */
export async function requestDetailFile(
  contract_id: number,
  billing_month: BillingMonth,
  kind: DetailFileKind,
): Promise<DetailFile> {
  const wanted = { contract_id, billing_month, kind };
  const current = await db.transaction(async (trx) => {
    await retireOutdated(trx, wanted);
    await trx('detail_files')
      .insert({
        ...wanted,
        state: 'queued',
        live: true,
        large: await isLarge(trx, wanted),
        requested_at: now(),
      })
      .onConflict(trx.raw('(contract_id, billing_month, kind) WHERE live') as never)
      .ignore();
    return trx<DetailFile>('detail_files').where(wanted).where('live', true).first();
  });
  if (!current) throw new Error('a detail file was removed while it was asked for');
  return current;
}

type DetailFileKey = Pick<DetailFile, 'contract_id' | 'billing_month' | 'kind'>;

/** A second of work, more or less. */
const MAX_SMALL_CALLS = 200_000;

async function isLarge(on: Queryable, { contract_id, billing_month, kind }: DetailFileKey): Promise<boolean> {
  if (kind !== 'calls') return false;
  const sums = on('contract_sums').where({ contract_id, billing_month, direction: OUTGOING });
  const { calls } = await sums.sum({ calls: 'calls' }).first<{ calls: number | null }>();
  return (calls ?? 0) > MAX_SMALL_CALLS;
}

async function retireOutdated(on: Queryable, wanted: DetailFileKey): Promise<void> {
  const version = on('contract_months').where({
    contract_id: wanted.contract_id,
    billing_month: wanted.billing_month,
  });
  await on('detail_files')
    .where({ ...wanted, live: true })
    .where((useless) =>
      useless
        .where('state', 'failed')
        .orWhere((ready) => ready.where('state', 'ready').where('finished_at', '<=', expiryCutoff()))
        .orWhere((ready) =>
          ready.where('state', 'ready').where('data_version', '<', version.select('version')),
        ),
    )
    .update({ live: false });
}
