import type { Knex } from 'knex';
import { listCallTypes } from '../call/call-type';
import { findContractByCode } from '../contract/contract';
import { openOneConnection } from '../../lib/database/db';
import {
  RatingError,
  type RerateProgress,
  type RerateResult,
  RerateRun,
  type Rerating,
} from './plan-rerating';
import { applyRerated, clearRerated, prepareRerated } from './rerated-table';
import { lockCalls } from '../call/call-sums';

/**
 * Rates the outgoing calls of a month anew: charges, sums and the months' versions change in one transaction, or
 * nothing does. What is to change is worked out before, so that the portal waits for the change alone.
 *
 * @throws RatingError where a call has no rate, or there is no such contract
 */
export async function rerateMonth(rerating: Rerating, progress?: RerateProgress): Promise<RerateResult> {
  const contract = await contractIdOf(rerating.contract);
  const connection = openOneConnection();
  try {
    await prepareRerated(connection);
    const run = new RerateRun(rerating, contract, await listCallTypes(connection), progress);
    const seen = await run.stamp(connection);
    const result = await run.stage(connection);
    return await connection.transaction(async (trx: Knex.Transaction) => {
      await lockCalls(trx);
      if ((await run.stamp(trx)) === seen) {
        await applyRerated(trx);
        return result;
      }
      // An import came between: once more, while nobody else may change anything.
      await clearRerated(trx);
      const anew = await run.stage(trx);
      await applyRerated(trx);
      return anew;
    });
  } finally {
    await connection.destroy();
  }
}

async function contractIdOf(code: string | undefined): Promise<number | undefined> {
  if (code === undefined) return undefined;
  const contract = await findContractByCode(code);
  if (!contract) throw new RatingError(`There is no contract ${code}`);
  return contract.id;
}
