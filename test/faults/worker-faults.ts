import { measureSeconds } from '../kit/turns';
import type { FaultContext } from './fault-context';
import { type FaultResult, tryFault } from './fault-table';

/** The worker is killed while it makes a file; `npm start` starts another. */
export async function killWorkers(context: FaultContext): Promise<FaultResult[]> {
  const portal = await context.getPortal();
  const result = await tryFault(
    portal,
    'worker killed (SIGKILL) in mid-file',
    context.countTries(1),
    async () => {
      await portal.untilMidFile();
      process.kill(await portal.getWorkerPid(), 'SIGKILL');
      return measureSeconds(() => portal.untilRecovered(portal.calls));
    },
  );
  return [result];
}
