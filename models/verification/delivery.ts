import { now } from '../../lib/values/clock';
import { db } from '../../lib/database/db';
import type { VerificationCode } from './code';

/** The states of a code: queued → sending → sent → delivered, or failed. */
const selectCodes = () => db<VerificationCode>('verification_codes');

/** A worker that has not finished sending by then has died. */
const MAX_SENDING_MS = 60_000;

/** Claims a code for sending. Only one of two workers gets it; a code that is no longer valid is not sent. */
export async function claimCode(id: number): Promise<VerificationCode | undefined> {
  const [claimed] = await selectCodes()
    .where({ id, state: 'queued', live: true })
    .where('expires_at', '>', now())
    .update({ state: 'sending', sending_at: now() })
    .returning('*');
  return claimed;
}

/** Puts a code back into the queue: the gateway has certainly not taken it. */
export async function releaseCode(id: number): Promise<void> {
  await selectCodes().where({ id, state: 'sending' }).update({ state: 'queued', sending_at: null });
}

/** Notes that the gateway has taken a code. A report that came earlier stays. */
export async function markCodeSent(id: number, gatewayId: string): Promise<void> {
  await selectCodes().where({ id }).update({ gateway_id: gatewayId, sealed_code: null });
  await selectCodes().where({ id, state: 'sending' }).update({ state: 'sent' });
}

/** Notes that a code was not sent, or may not have been. It is never sent again. */
export async function markCodeFailed(id: number, failure: string): Promise<void> {
  await selectCodes()
    .where({ id })
    .whereIn('state', ['queued', 'sending'])
    .update({ state: 'failed', failure, sealed_code: null });
}

/** A gateway's later report; they come more than once and in any order. `delivered` is final. */
export interface DeliveryReport {
  state: 'sent' | 'delivered' | 'failed';
  failure?: string;
}

const PREVIOUS_STATES: Record<DeliveryReport['state'], VerificationCode['state'][]> = {
  sent: ['sending'],
  failed: ['sending', 'sent'],
  delivered: ['sending', 'sent', 'failed'],
};

/** Notes a report on a code, found by its id or the gateway's. Returns whether there is such a code. */
export async function recordDelivery(
  code: { id: number } | { gateway_id: string },
  { state, failure }: DeliveryReport,
): Promise<boolean> {
  const changed = await selectCodes()
    .where(code)
    .whereIn('state', PREVIOUS_STATES[state])
    .update({ state, failure: failure ?? null });
  return changed > 0 || (await selectCodes().where(code).first('id')) !== undefined;
}

/** Lists codes to be sent, which the queue may have lost. */
export const listWaitingCodes = (): Promise<number[]> =>
  selectCodes().where({ state: 'queued', live: true }).where('expires_at', '>', now()).pluck('id');

/** Fails codes whose worker has died, and those that were not sent in time. */
export async function failStuckCodes(): Promise<void> {
  await selectCodes()
    .where({ state: 'sending' })
    .where('sending_at', '<', now() - MAX_SENDING_MS)
    .update({ state: 'failed', failure: 'nobody knows whether it was sent', sealed_code: null });
  await selectCodes()
    .where({ state: 'queued' })
    .where('expires_at', '<=', now())
    .update({ state: 'failed', failure: 'not sent in time', sealed_code: null });
}

/** Customers may ask for a week what became of a code. */
const RETENTION_MS = 7 * 86_400_000;

/** Deletes codes that no limit on sends counts any more, and the telephone numbers with them. */
export async function deleteOldCodes(): Promise<void> {
  await selectCodes()
    .where('requested_at', '<', now() - RETENTION_MS)
    .delete();
}
