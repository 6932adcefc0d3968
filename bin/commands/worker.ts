import type { Command } from 'commander';
import { acquireRedis } from './redis-for-command';

/** `meisai worker` */
export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('make detail files until SIGTERM (npm start starts WORKERS of them)')
    .action(async () => {
      await acquireRedis();
      // What a worker needs is half of this program's memory: other commands do without it.
      const { runWorker } = await import('../../jobs/detail-files/worker.js');
      runWorker();
      // The worker itself ends the process when it is told to stop.
      await new Promise(() => undefined);
    });
}
