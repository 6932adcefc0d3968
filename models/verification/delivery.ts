import { now } from '../../lib/values/clock';
import { db } from '../../lib/database/db';
import type { VerificationCode } from './code';

/** What the database says of a code's way: queued → sending → sent → delivered, or failed. */
const selectCodes = () => db<VerificationCode>('verification_codes');

/** A sender that says nothing more for so long has died. */
const MAX_SENDING_MS = 60_000;

/** Takes a code for sending. Of two senders one gets it; a code that nobody can use any more is not sent. */
export async function claimCode(id: number): Promise<VerificationCode | undefined> {
  const [claimed] = await selectCodes()
    .where({ id, state: 'queued', live: true })
    .where('expires_at', '>', now())
    .update({ state: 'sending', sending_at: now() })
    .returning('*');
  return claimed;
}

/** Back into the queue: the gateway has surely not taken it. */
export async function releaseCode(id: number): Promise<void> {
  await selectCodes().where({ id, state: 'sending' }).update({ state: 'queued', sending_at: null });
}

/** The gateway has taken it. A report that came sooner stays. */
export async function markCodeSent(id: number, gatewayId: string): Promise<void> {
  await selectCodes().where({ id }).update({ gateway_id: gatewayId, sealed_code: null });
  await selectCodes().where({ id, state: 'sending' }).update({ state: 'sent' });
}

/** It has not been sent, or nobody knows whether it has. It is never sent again. */
export async function markCodeFailed(id: number, failure: string): Promise<void> {
  await selectCodes()
    .where({ id })
    .whereIn('state', ['queued', 'sending'])
    .update({ state: 'failed', failure, sealed_code: null });
}

/** What a gateway reports later, perhaps more than once and in any order. Delivered is the last word. */
export interface DeliveryReport {
  state: 'sent' | 'delivered' | 'failed';
  failure?: string;
}

const PREVIOUS_STATES: Record<DeliveryReport['state'], VerificationCode['state'][]> = {
  sent: ['sending'],
  failed: ['sending', 'sent'],
  delivered: ['sending', 'sent', 'failed'],
};

/** Notes a report on a code, by its id or by the gateway's; tells whether there is such a code. */
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

/** Codes that wait though the queue may have lost them. */
export const listWaitingCodes = (): Promise<number[]> =>
  selectCodes().where({ state: 'queued', live: true }).where('expires_at', '>', now()).pluck('id');

/** Sees to codes whose sender has died, and to those that came too late to be sent. */
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

/** A week, in which a customer may ask what became of a code. */
const RETENTION_MS = 7 * 86_400_000;

/** Codes that no limit on sends counts any more, with the telephone numbers that they went to. */
export async function deleteOldCodes(): Promise<void> {
  await selectCodes()
    .where('requested_at', '<', now() - RETENTION_MS)
    .delete();
}
