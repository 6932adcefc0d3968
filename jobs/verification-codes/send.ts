import { type Job, UnrecoverableError } from 'bullmq';
import { log } from '../../log';
import { claimCode, markCodeFailed, markCodeSent, releaseCode } from '../../models/verification/delivery';
import { toE164 } from '../../models/verification/contact-method';
import { decryptCode } from '../../models/verification/encrypt-code';
import type { VerificationCode } from '../../models/verification/code';
import type { CodeJob } from './queue';
import { GatewayUnavailable, GatewayRefusal } from './gateways/gateway';
import type { CodeGateways } from './gateways/gateways';

/**
 * Hands a code to its gateway. It is tried again only while the gateway has surely not taken it; where nobody knows,
 * it has failed, and the customer can ask for another.
 */
export async function sendCode(
  { data: { id }, attemptsMade, opts }: Job<CodeJob>,
  gateways: CodeGateways,
): Promise<void> {
  const code = await claimCode(id);
  if (!code) return;
  const isLast = attemptsMade + 1 >= (opts.attempts ?? 1);
  try {
    await markCodeSent(id, await handOver(code, gateways));
  } catch (error) {
    if (error instanceof GatewayUnavailable && !isLast) {
      await releaseCode(id);
      throw error;
    }
    await markCodeFailed(id, toFailureReason(error));
    log.error({ err: error, id }, 'verification code not sent');
    throw new UnrecoverableError(toFailureReason(error));
  }
}

async function handOver(verification: VerificationCode, gateways: CodeGateways): Promise<string> {
  const { id, method, telephone } = verification;
  const code = decryptCode(verification.sealed_code ?? '', verification.request_id);
  return gateways.getGateway(method).send({ id, method, to: toE164(telephone), code });
}

/** For the row: never what a gateway's error may quote of the message. */
function toFailureReason(error: unknown): string {
  if (error instanceof GatewayUnavailable) return 'the gateway is away';
  return error instanceof GatewayRefusal ? error.message : 'nobody knows whether it was sent';
}
