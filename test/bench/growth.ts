import type { Cost } from '../kit/measured-process';
import type { BenchContext } from './context';
import type { Engine } from './engine';
import { Imports } from './imports';
import { GROWTH_FILE, GROWTH_MONTHS } from './rows';

/** One month after the other into one database: a month must cost what the first has cost. */
export async function measureGrowth(bench: BenchContext, engine: Engine): Promise<void> {
  const imports = new Imports(bench, engine);
  const database = await imports.open({ by: 'meisai', file: GROWTH_FILE }, 'growth');
  let first: Cost | undefined;
  for (let month = 1; month <= GROWTH_MONTHS; month += 1) {
    bench.say(`${engine.name}: month ${month} of ${GROWTH_MONTHS}`);
    const file = { ...GROWTH_FILE, monthsBefore: GROWTH_MONTHS - month };
    const folder = await bench.data.prepareCalls(file);
    const ours = await database.measure(() => imports.importMonth('meisai', database, file));
    first ??= ours;
    bench.add(`growth-${month}`, engine.name, { ours: [ours], reference: [first], lines: bench.rows });
    bench.data.forgetCalls(folder);
    await database.tidy();
  }
  await database.installation.runCommand('summary', 'check');
  await imports.close();
  await database.drop();
}
