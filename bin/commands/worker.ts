import type { Command } from 'commander';
import { acquireRedis } from './redis-for-command';

/** `meisai worker` */
export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('make detail files until SIGTERM (npm start starts WORKERS of them)')
    .action(async () => {
      await acquireRedis();
      // Loaded here only: the worker's modules are half of this program's memory.
      const { runWorkerProcess } = await import('../server/workers.js');
      runWorkerProcess();
      // The worker itself ends the process when it is told to stop.
      await new Promise(() => undefined);
    });
}
