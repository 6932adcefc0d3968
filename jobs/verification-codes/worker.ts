import { log } from '../../log';
import { failStuckCodes, listWaitingCodes } from '../../models/verification/delivery';
import {
  closeCodeQueue,
  CODE_LOCK_MS,
  CODE_QUEUE,
  type CodeJob,
  enqueueSendOrThrow,
  undoCodeClockStep,
} from './queue';
import { openCodeGateways } from './gateways/gateways';
import { QueueWorker } from '../queue/queue-worker';
import { sendCode } from './send';

export interface CodeWorker {
  /** Lets running sends finish; a gateway that does not answer holds one up for 10 s at most. */
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

/** What the rows know and the queue may have lost. */
export async function sweepCodes(): Promise<void> {
  try {
    await failStuckCodes();
    for (const id of await listWaitingCodes()) await enqueueSendOrThrow(id);
    await undoCodeClockStep();
  } catch (error) {
    log.error({ err: error }, 'the sweep of verification codes failed');
  }
}
