import { onInterruption } from '../kit/interruption';
import { breakClock } from './clock-faults';
import { applyLoad } from './load-faults';
import { fillDisks } from './disk-faults';
import { FaultContext } from './fault-context';
import { readFaultOptions } from './fault-options';
import { type FaultResult, formatFaultTable, MissingForFault } from './fault-table';
import { killImports } from './import-faults';
import { restartPostgres } from './postgres-faults';
import { breakRedis } from './redis-faults';
import { killWorkers } from './worker-faults';

/** @throws MissingForFault if this machine lacks what the family needs */
type FaultFamily = (context: FaultContext) => Promise<FaultResult[]>;

const families: Record<string, FaultFamily> = {
  worker: killWorkers,
  redis: breakRedis,
  import: killImports,
  disk: fillDisks,
  postgres: restartPostgres,
  clock: breakClock,
  load: applyLoad,
};

/** `npm run faults`: prints what was lost; the exit status is 1 if anything was. */
export async function runFaults(args: string[]): Promise<void> {
  const options = readFaultOptions(args, Object.keys(families));
  if (!options) return;
  const context = new FaultContext(options);
  const results: FaultResult[] = [];
  const skipped: string[] = [];
  const isLost = () => results.some(({ lost }) => lost > 0);
  // Without this a PostgreSQL server would be left running.
  onInterruption(() => context.close(true));
  try {
    for (const [name, family] of Object.entries(families)) {
      if (options.only && !options.only.includes(name)) continue;
      try {
        results.push(...(await family(context)));
      } catch (error) {
        if (error instanceof MissingForFault) skipped.push(`${name}: ${error.message}`);
        else results.push(reportLostFamily(name, error));
      }
    }
  } finally {
    await context.close(isLost());
  }
  const renderTable = () => formatFaultTable(results, skipped);
  process.stdout.write(`${options.json ? JSON.stringify({ results, skipped }, null, 2) : renderTable()}\n`);
  if (!isLost()) return;
  process.stderr.write(`What the programs have logged is in ${context.folder}\n`);
  process.exitCode = 1;
}

/** Reports a family whose faults could not even be tried, so that the others still run. */
function reportLostFamily(name: string, error: unknown): FaultResult {
  process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
  return { fault: `${name}: could not be tried`, tries: 1, lost: 1, longest: 0 };
}
