import { setTimeout as delay } from 'node:timers/promises';
import { type ConnectionOptions, type Job, type Processor, Worker, type WorkerOptions } from 'bullmq';
import { log } from '../../log';
import { getQueueConnection } from '../../lib/redis/redis';
import { QUEUE_PREFIX } from './open-queue';

const PAUSE_MS = 1000;

/**
 * A worker of BullMQ that bears a Redis which answers every write with an error, because its memory or its disk is
 * full: it asks again after a second, where BullMQ does so at once and without end, and tells the log once.
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

  /** A failure that BullMQ came to know would lose it the sign that a job waits, and it would sleep over that job. */
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
