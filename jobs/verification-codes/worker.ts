import { type Job, UnrecoverableError } from 'bullmq';
import { log } from '../../log';
import { decryptCode } from '../../models/verification/code';
import { toE164 } from '../../models/verification/contact-method';
import {
  claimCode,
  failStuckCodes,
  listWaitingCodes,
  markCodeFailed,
  markCodeSent,
  releaseCode,
} from '../../models/verification/delivery';
import { QueueWorker } from '../queue/queue-worker';
import { GatewayRefusal, GatewayUnavailable } from './gateways/gateway';
import { type CodeGateways, openCodeGateways } from './gateways/gateways';
import {
  closeCodeQueue,
  CODE_LOCK_MS,
  CODE_QUEUE,
  type CodeJob,
  enqueueSendOrThrow,
  undoCodeClockStep,
} from './queue';

export interface CodeWorker {
  /** Lets running sends finish; a gateway that does not answer delays it by 10 s at most. */
  close(): Promise<void>;
}

const SWEEP_PERIOD_MS = 5000;

/** Sends verification codes until it is closed. */
export function startCodeWorker(gateways = openCodeGateways()): CodeWorker {
  const worker = new QueueWorker<CodeJob>(CODE_QUEUE, (job) => sendCode(job, gateways), {
    concurrency: 5,
    lockDuration: CODE_LOCK_MS,
    stalledInterval: CODE_LOCK_MS,
  });
  const sweep = setInterval(() => void sweepCodes(), SWEEP_PERIOD_MS);
  void sweepCodes();
  return {
    async close() {
      clearInterval(sweep);
      await worker.close();
      await Promise.all([gateways.close(), closeCodeQueue()]);
    },
  };
}

/** Enqueues the rows that the queue may have lost, and fails those that can no longer be sent. */
export async function sweepCodes(): Promise<void> {
  try {
    await failStuckCodes();
    for (const id of await listWaitingCodes()) await enqueueSendOrThrow(id);
    await undoCodeClockStep();
  } catch (error) {
    log.error({ err: error }, 'the sweep of verification codes failed');
  }
}

/**
 * Sends a code by its gateway. It is retried only while the gateway has certainly not taken it; if that is unknown, the
 * send has failed, and the customer can request another code.
 */
async function sendCode(
  { data: { id }, attemptsMade, opts }: Job<CodeJob>,
  gateways: CodeGateways,
): Promise<void> {
  const claimed = await claimCode(id);
  if (!claimed) return;
  const { method, telephone, sealed_code, request_id } = claimed;
  const isLast = attemptsMade + 1 >= (opts.attempts ?? 1);
  try {
    const code = decryptCode(sealed_code ?? '', request_id);
    const gatewayId = await gateways.getGateway(method).send({ id, method, to: toE164(telephone), code });
    await markCodeSent(id, gatewayId);
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

/** Returns the reason for the row, which never has what a gateway's error may quote of the message. */
function toFailureReason(error: unknown): string {
  if (error instanceof GatewayUnavailable) return 'the gateway is away';
  return error instanceof GatewayRefusal ? error.message : 'nobody knows whether it was sent';
}
