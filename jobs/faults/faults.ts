import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type FaultResult, faultTable } from './fault-table';
import { FaultyPortal } from './faulty-portal';
import { killImports } from './import-faults';
import { killRedis, killWorkers, type RedisFault } from './file-faults';

const options = {
  rows: { type: 'string', default: '1000000' },
  tries: { type: 'string', default: '20' },
  short: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

const SHORT = { rows: 100_000, tries: 3, freeze: 3000 };
const FREEZE_MS = 30_000;
const REDIS_FAULTS: RedisFault[] = ['killed', 'flushed', 'frozen'];

/** `npm run faults`: prints what was lost, which must be nothing; the exit status is 1 where something was. */
export async function runFaults(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const wanted = { rows: Number(values.rows), tries: Number(values.tries), freeze: FREEZE_MS };
  const { rows, tries, freeze } = values.short ? SHORT : wanted;
  const folder = mkdtempSync(path.join(tmpdir(), 'meisai-faults-'));
  const portal = new FaultyPortal(folder, rows);
  const results: FaultResult[] = [];
  try {
    await portal.open();
    results.push(await killWorkers(portal, tries));
    for (const fault of REDIS_FAULTS)
      results.push(await killRedis(portal, fault, fault === 'frozen' ? 1 : tries, freeze));
    results.push(await killImports(portal, tries));
  } finally {
    await portal.close();
    await rm(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${values.json ? JSON.stringify(results, null, 2) : faultTable(results)}\n`);
  if (results.some(({ lost }) => lost > 0)) process.exitCode = 1;
}
