import { setTimeout as delay } from 'node:timers/promises';
import { type ConnectionOptions, type Job, type Processor, Worker, type WorkerOptions } from 'bullmq';
import { log } from '../../log';
import { getQueueConnection } from '../../lib/redis/redis';
import { QUEUE_PREFIX } from './open-queue';

const PAUSE_MS = 1000;

/**
 * A worker of BullMQ that tolerates a Redis whose memory or disk is full, so that it answers every write with an error:
 * it retries after a second, where BullMQ retries at once and without end, and logs the error once.
 */
export class QueueWorker<Data> extends Worker<Data> {
  private isUnavailable = false;

  constructor(queue: string, processor: Processor<Data>, options: Partial<WorkerOptions>) {
    const connection = getQueueConnection('worker') as ConnectionOptions;
    super(queue, processor, { runRetryDelay: PAUSE_MS, ...options, connection, prefix: QUEUE_PREFIX });
    this.on('error', (error) => this.logFailure(error));
  }

  private logFailure(error: unknown): void {
    log[this.isUnavailable ? 'debug' : 'error'](
      { err: error, queue: this.name },
      'the queue does not answer',
    );
    this.isUnavailable = true;
  }

  /**
   * Retries here instead of in BullMQ: if BullMQ sees the error, it forgets the wake-up marker and blocks although a job
   * is waiting.
   */
  protected override async moveToActive(token: string, name?: string): Promise<Job<Data>> {
    for (;;) {
      try {
        const job = await super.moveToActive(token, name);
        if (this.isUnavailable) log.info({ queue: this.name }, 'the queue is back');
        this.isUnavailable = false;
        return job;
      } catch (error) {
        if (this.closing) throw error;
        this.logFailure(error);
        await delay(PAUSE_MS);
      }
    }
  }
}
