import type { Knex } from 'knex';
import { listCallTypes } from '../call/call-type';
import { findContractByCode } from '../contract/contract';
import { openSingleConnection } from '../../lib/database/db';
import {
  RatingError,
  type RerateProgress,
  type RerateResult,
  ReratingPlan,
  type Rerating,
} from './plan-rerating';
import { applyRerated, clearRerated, createReratedTable } from './rerated-table';
import { lockCalls } from '../call/call-sums';
import { ensureCallPartitions } from '../call/partition';
import { listMonthsAround } from '../call/staging-table';

/**
 * Re-rates the outgoing calls of a month: charges, sums and the months' versions change in one transaction, or nothing
 * does. The changes are computed before it, so that the portal waits for the update only.
 *
 * @throws RatingError if a call has no rate, or there is no such contract
 */
export async function rerateMonth(rerating: Rerating, progress?: RerateProgress): Promise<RerateResult> {
  const contract = await findContractId(rerating.contract);
  const { month } = rerating;
  // Another type may move a call to another month.
  if (rerating.withTypes) await ensureCallPartitions(listMonthsAround([month]));
  const connection = openSingleConnection();
  try {
    await createReratedTable(connection);
    const plan = new ReratingPlan(rerating, contract, await listCallTypes(connection), progress);
    const plannedVersion = await plan.version(connection);
    const result = await plan.compute(connection);
    return await connection.transaction(async (trx: Knex.Transaction) => {
      await lockCalls(trx);
      if ((await plan.version(trx)) === plannedVersion) {
        await applyRerated(trx);
        return result;
      }
      // An import has changed the month meanwhile: compute again, under the lock.
      await clearRerated(trx);
      const recomputed = await plan.compute(trx);
      await applyRerated(trx);
      return recomputed;
    });
  } finally {
    await connection.destroy();
  }
}

async function findContractId(code: string | undefined): Promise<number | undefined> {
  if (code === undefined) return undefined;
  const contract = await findContractByCode(code);
  if (!contract) throw new RatingError(`There is no contract ${code}`);
  return contract.id;
}
