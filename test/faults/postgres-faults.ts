import { measureSeconds } from '../kit/turns';
import type { FaultContext } from './fault-context';
import { type FaultResult, tryFault } from './fault-table';
import type { PortalUnderTest } from './portal-under-test';
import { ImportUnderFault } from './import-under-fault';
import { PostgresCluster } from './postgres-cluster';
import { startReading } from './reading';

/** PostgreSQL is restarted as after a crash, while customers read, a file is made, and calls are imported. */
export async function restartPostgres(context: FaultContext): Promise<FaultResult[]> {
  const cluster = await PostgresCluster.open();
  context.addCloser(() => cluster.close());
  const portal = await context.open('postgres', { database: cluster.url });
  return [await restartInFile(context, portal, cluster), await restartInImport(context, portal, cluster)];
}

function restartInFile(
  context: FaultContext,
  portal: PortalUnderTest,
  cluster: PostgresCluster,
): Promise<FaultResult> {
  return tryFault(
    portal,
    'PostgreSQL restarted (immediate) in mid-file',
    context.countTries(0.5),
    async () => {
      const reading = startReading(portal);
      try {
        await portal.untilMidFile();
        const pressed = portal.fees.pressMeanwhile();
        await cluster.restart();
        return await measureSeconds(async () => {
          await pressed;
          await portal.untilRecovered(portal.calls, portal.fees);
        });
      } finally {
        await reading.stop();
      }
    },
  );
}

async function restartInImport(
  context: FaultContext,
  portal: PortalUnderTest,
  cluster: PostgresCluster,
): Promise<FaultResult> {
  const imports = new ImportUnderFault(portal, 'restarted');
  await imports.rehearse();
  return tryFault(
    portal,
    'PostgreSQL restarted (immediate) during an import',
    context.countTries(0.25),
    async () => {
      const victim = await imports.start();
      await imports.randomDelay();
      await cluster.restart();
      const outcome = await imports.waitForOutcome(victim);
      return measureSeconds(() => imports.rerun(outcome));
    },
  );
}
