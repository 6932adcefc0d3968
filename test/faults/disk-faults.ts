import { setTimeout as delay } from 'node:timers/promises';
import { measureSeconds } from '../kit/turns';
import { findProgram } from '../../lib/redis/find-redis-server';
import type { FaultContext } from './fault-context';
import { type FaultResult, MissingForFault, tryFault } from './fault-table';
import { ImportUnderFault } from './import-under-fault';
import { limitFiles } from '../kit/processes';

/** Up to so many bytes of any file are still to be had: sometimes enough to write down that a file has failed. */
const MAX_BYTES_PER_CALL = 10;
const pickByteLimit = (rows: number): number => Math.floor(Math.random() * rows * MAX_BYTES_PER_CALL);

/** The disk is full for one process at a time, by a limit on the size of its files, which needs no root. */
export async function fillDisks(context: FaultContext): Promise<FaultResult[]> {
  if (!findProgram('prlimit')) throw new MissingForFault('prlimit is not installed (Debian: util-linux)');
  return [await fillForFile(context), await fillForImport(context), await fillForRedis(context)];
}

async function fillForFile(context: FaultContext): Promise<FaultResult> {
  const portal = await context.getPortal();
  const { duration } = context.options;
  return tryFault(
    portal,
    `disk full (file-size limit) for ${duration} s in mid-file`,
    context.countTries(0.25),
    async () => {
      const worker = await portal.getWorkerPid();
      await portal.untilMidFile();
      limitFiles(worker, pickByteLimit(portal.rows));
      await delay(duration * 1000);
      limitFiles(worker, 'unlimited');
      return measureSeconds(async () => {
        await portal.calls.untilReady({ mayFail: true });
        await portal.untilHealthy();
      });
    },
  );
}

async function fillForImport(context: FaultContext): Promise<FaultResult> {
  const portal = await context.getPortal();
  const imports = new ImportUnderFault(portal, 'full');
  await imports.rehearse();
  return tryFault(
    portal,
    'disk full (file-size limit) during an import',
    context.countTries(0.25),
    async () => {
      const victim = await imports.start();
      await imports.randomDelay();
      limitFiles(victim.pid, pickByteLimit(portal.rows));
      const outcome = await imports.waitForOutcome(victim);
      return measureSeconds(() => imports.rerun(outcome));
    },
  );
}

async function fillForRedis(context: FaultContext): Promise<FaultResult> {
  const portal = await context.getPortal();
  const { duration } = context.options;
  return tryFault(
    portal,
    `disk full (file-size limit) for the private Redis for ${duration} s`,
    context.countTries(0.25),
    async () => {
      await portal.untilMidFile();
      const pid = await portal.getRedisPid();
      limitFiles(pid, 0);
      const pressed = portal.fees.pressMeanwhile();
      await delay(duration * 1000);
      limitFiles(pid, 'unlimited');
      return measureSeconds(async () => {
        await pressed;
        await portal.untilRecovered(portal.calls, portal.fees);
      });
    },
  );
}
