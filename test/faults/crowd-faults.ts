import path from 'node:path';
import { secondsOf } from '../kit/turns';
import { Crowd } from './crowd';
import type { FaultContext } from './fault-context';
import { type FaultResult, tryFault } from './fault-table';

const SIZE = 200;
const WORKERS = 2;

/** Many customers press 「明細作成」 at once: none is turned away, and each gets a file of their own calls. */
export async function crowdIn(context: FaultContext): Promise<FaultResult[]> {
  const crowd = new Crowd(path.join(context.folder, 'crowd'), SIZE, WORKERS);
  context.closesWith(() => crowd.close());
  await crowd.open();
  const fault = `${SIZE} customers press 「明細作成」 at once, ${WORKERS} workers`;
  const result = await tryFault(crowd, fault, context.tries(0.25), async () => {
    await crowd.importCalls();
    const seconds = await secondsOf(() =>
      Promise.all(
        crowd.members.map(async ({ file }) => {
          await file.press();
          await file.untilReady();
        }),
      ),
    );
    const refusals = crowd.members.reduce((sum, { customer }) => sum + customer.refusals, 0);
    if (refusals > 0) throw new Error(`${refusals} pages were refused`);
    const live = await crowd.liveFiles();
    if (live !== SIZE) throw new Error(`${live} files for ${SIZE} customers`);
    return seconds;
  });
  return [result];
}
