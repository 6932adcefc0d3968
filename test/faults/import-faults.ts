import { measureSeconds } from '../kit/turns';
import type { FaultContext } from './fault-context';
import { type FaultResult, tryFault } from './fault-table';
import { ImportUnderFault } from './import-under-fault';

/** An import is killed; run again it must add all of its calls, each once, and the sums must be those of the calls. */
export async function killImports(context: FaultContext): Promise<FaultResult[]> {
  const portal = await context.getPortal();
  const imports = new ImportUnderFault(portal, 'killed');
  await imports.rehearse();
  const result = await tryFault(
    portal,
    'import killed (SIGKILL) at any moment',
    context.countTries(0.5),
    async () => {
      const victim = await imports.start();
      await imports.randomDelay();
      await victim.end('SIGKILL');
      return measureSeconds(() => imports.rerun('killed'));
    },
  );
  return [result];
}
