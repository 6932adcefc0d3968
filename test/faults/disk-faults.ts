import { setTimeout as delay } from 'node:timers/promises';
import { secondsOf } from '../kit/turns';
import { findProgram } from '../../lib/redis/find-redis-server';
import type { FaultContext } from './fault-context';
import { type FaultResult, MissingForFault, tryFault } from './fault-table';
import { ImportUnderFault } from './import-under-fault';
import { limitFiles } from '../kit/processes';

/** Up to so many bytes of any file are still to be had: sometimes enough to write down that a file has failed. */
const MOST_BYTES_A_CALL = 10;
const someBytes = (rows: number): number => Math.floor(Math.random() * rows * MOST_BYTES_A_CALL);

/** The disk is full for one process at a time, by a limit on the size of its files, which needs no root. */
export async function fillDisks(context: FaultContext): Promise<FaultResult[]> {
  if (!findProgram('prlimit')) throw new MissingForFault('prlimit is not installed (Debian: util-linux)');
  return [await fillForFile(context), await fillForImport(context), await fillForRedis(context)];
}

async function fillForFile(context: FaultContext): Promise<FaultResult> {
  const portal = await context.portal();
  const { lasting } = context.options;
  return tryFault(
    portal,
    `disk full (file-size limit) for ${lasting} s in mid-file`,
    context.tries(0.25),
    async () => {
      const worker = await portal.worker();
      await portal.untilMidFile();
      limitFiles(worker, someBytes(portal.rows));
      await delay(lasting * 1000);
      limitFiles(worker, 'unlimited');
      return secondsOf(async () => {
        await portal.calls.untilReady({ mayFail: true });
        await portal.untilHealthy();
      });
    },
  );
}

async function fillForImport(context: FaultContext): Promise<FaultResult> {
  const portal = await context.portal();
  const imports = new ImportUnderFault(portal, 'full');
  await imports.rehearse();
  return tryFault(portal, 'disk full (file-size limit) during an import', context.tries(0.25), async () => {
    const victim = await imports.start();
    await imports.someMoment();
    limitFiles(victim.pid, someBytes(portal.rows));
    const outcome = await imports.outcomeOf(victim);
    return secondsOf(() => imports.again(outcome));
  });
}

async function fillForRedis(context: FaultContext): Promise<FaultResult> {
  const portal = await context.portal();
  const { lasting } = context.options;
  return tryFault(
    portal,
    `disk full (file-size limit) for the private Redis for ${lasting} s`,
    context.tries(0.25),
    async () => {
      await portal.untilMidFile();
      const pid = await portal.redisProcess();
      limitFiles(pid, 0);
      const pressed = portal.fees.pressMeanwhile();
      await delay(lasting * 1000);
      limitFiles(pid, 'unlimited');
      return secondsOf(async () => {
        await pressed;
        await portal.untilWell(portal.calls, portal.fees);
      });
    },
  );
}
