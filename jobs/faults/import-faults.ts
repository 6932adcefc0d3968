import { setTimeout as delay } from 'node:timers/promises';
import { secondsOf } from '../bench/turns';
import { type FaultResult, tryFault } from './fault-table';
import type { FaultyPortal } from './faulty-portal';

/** An import is killed; run again it must add all of its calls, each once, and the sums must be those of the calls. */
export async function killImports(portal: FaultyPortal, tries: number): Promise<FaultResult> {
  let imports = 0;
  const rows = Math.ceil(portal.rows / 5);
  const usual = 1000 * (await secondsOf(() => portal.importCalls('undisturbed', rows)));
  return tryFault('import killed (SIGKILL) at any moment', tries, async () => {
    imports += 1;
    const file = await portal.newCalls(`killed-${imports}`, rows);
    const victim = portal.installation.startCommand('import', 'calls', file);
    await delay(Math.random() * usual);
    await victim.end('SIGKILL');
    return secondsOf(async () => {
      const { result } = await portal.installation.command<{ added: number; duplicates: number }>(
        'import',
        'calls',
        file,
      );
      // Killed after its end it has left nothing to add.
      const isWhole = result.added + result.duplicates === rows && [0, rows].includes(result.added);
      if (!isWhole) throw new Error(`${result.added} of ${rows} calls were missing`);
      portal.count(rows);
      await portal.installation.command('summary', 'check');
    });
  });
}
