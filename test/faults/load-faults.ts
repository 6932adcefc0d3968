import path from 'node:path';
import { measureSeconds } from '../kit/turns';
import { Load } from './load';
import type { FaultContext } from './fault-context';
import { type FaultResult, tryFault } from './fault-table';

const SIZE = 200;
const WORKERS = 2;

/** Many customers press 「明細作成」 at once: none is turned away, and each gets a file of their own calls. */
export async function applyLoad(context: FaultContext): Promise<FaultResult[]> {
  const load = new Load(path.join(context.folder, 'load'), SIZE, WORKERS);
  context.addCloser(() => load.close());
  await load.open();
  const fault = `${SIZE} customers press 「明細作成」 at once, ${WORKERS} workers`;
  const result = await tryFault(load, fault, context.countTries(0.25), async () => {
    await load.importCalls();
    const seconds = await measureSeconds(() =>
      Promise.all(
        load.customers.map(async ({ file }) => {
          await file.press();
          await file.untilReady();
        }),
      ),
    );
    const refusals = load.customers.reduce((sum, { customer }) => sum + customer.refusals, 0);
    if (refusals > 0) throw new Error(`${refusals} pages were refused`);
    const currentFiles = await load.countCurrentFiles();
    if (currentFiles !== SIZE) throw new Error(`${currentFiles} files for ${SIZE} customers`);
    return seconds;
  });
  return [result];
}
