import { createSeededRandom } from '../../../jobs/demo/seeded-random';
import { db, isPostgres, queryRows } from '../../../lib/database/db';
import { checkSummaries } from '../../../models/call/call-sums';
import { runCommand, runJson, writeSourceFile } from '../../support/command';
import { saveTestContract } from '../../support/contracts';
import { waitFor } from '../../support/eventually';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { WarmCommand } from '../../support/warm-command';

const KILLS = 50;
const CALLS = 2000;
const TIMEOUT_MS = 120_000;

/** KILL_SEED=… kills at the same moments again. */
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const random = createSeededRandom(seed);

const HEADER = 'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge';

const lines = Array.from({ length: CALLS }, (_, index) => {
  const started = new Date(Date.UTC(2017, 9, 31) + index * 60_000).toISOString();
  return `k-${index},0501111222${index % 3},outgoing,${started},60.0,0312345678,,external,domestic,8.00`;
});

let file = '';
const yen = { dear: '9', cheap: '7' };

beforeAll(async () => {
  await openTestPortal();
  await saveTestContract('d1', ['05011112220', '05011112221']);
  await saveTestContract('d2', ['05011112222']);
  file = await writeSourceFile([HEADER, ...lines].join('\n'));
  const header = 'prefix,area,call_type,yen_per_unit,unit_seconds,from_date';
  for (const [name, price] of Object.entries(yen)) {
    const tariff = await writeSourceFile(`${header}\n0,,domestic,${price},180,2000-01-01\n`);
    await runCommand('import', 'tariff', tariff, '--name', name);
  }
});
afterAll(closeTestPortal);

/** Counts calls and 1/100 yen in one moment of the database, and the same by the sums. */
async function countStored(): Promise<{ calls: number; charge: number }> {
  expect(await checkSummaries()).toEqual([]);
  const [row] = await queryRows<{ calls: number; charge: number | null }>(
    db,
    'SELECT count(*) AS calls, sum(charge) AS charge FROM calls',
  );
  return { calls: row?.calls ?? 0, charge: row?.charge ?? 0 };
}

/** PostgreSQL notices a moment later that its client is gone. */
async function waitUntilIdle(): Promise<void> {
  if (!isPostgres) return;
  await waitFor(async () => {
    const busy = await queryRows(
      db,
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
    );
    expect(busy).toEqual([]);
  });
}

const findNewestBatch = async (): Promise<string> =>
  String((await db('call_batches').max({ id: 'id' }).first<{ id: number }>()).id);

/** A work, what it leads to, and how many calls and how much money there are then. */
interface Work {
  args: () => Promise<string[]> | string[];
  after: { calls: number; charge: number };
}

const works: Work[] = [
  { args: () => ['import', 'calls', file], after: { calls: CALLS, charge: CALLS * 800 } },
  { args: () => ['rerate', '201711', '--tariff', 'dear'], after: { calls: CALLS, charge: 0 } },
  {
    args: () => ['rerate', '201711', '--tariff', 'cheap', '--contract', 'd2'],
    after: { calls: CALLS, charge: 0 },
  },
  { args: async () => ['batch', 'undo', await findNewestBatch()], after: { calls: 0, charge: 0 } },
];

/** How long each takes, and what it leads to: measured once, without a kill. */
async function rehearse(): Promise<number[]> {
  const times: number[] = [];
  for (const work of works) {
    const command = new WarmCommand();
    const args = await work.args();
    // The migrations have been looked at then, and the tables are in memory.
    await command.run('sums', 'check');
    const started = Date.now();
    await command.run(...args);
    times.push(Date.now() - started);
    await command.close();
    work.after = await countStored();
  }
  return times;
}

it(
  `completes what was killed at any of ${KILLS} moments, and never does half of it (KILL_SEED=${seed})`,
  async () => {
    const times = await rehearse();
    expect(works.map(({ after }) => after.calls)).toEqual([CALLS, CALLS, CALLS, 0]);
    let next = new WarmCommand();
    let before = await countStored();
    const seen = { before: 0, after: 0 };
    for (let kill = 0; kill < KILLS; kill += 1) {
      const index = kill % works.length;
      const { args, after } = works[index] ?? { args: () => [], after: before };
      const command = next;
      const line = await args();
      // The next one starts while this one works.
      next = new WarmCommand();
      await command.runAndKill(random.pickBetween(0, Math.ceil((times[index] ?? 0) * 2.5) + 20), ...line);
      await waitUntilIdle();
      const found = await countStored();
      expect([before, after]).toContainEqual(found);
      seen[found.charge === after.charge && found.calls === after.calls ? 'after' : 'before'] += 1;

      await runCommand(...line);
      expect(await countStored()).toEqual(after);
      before = after;
    }
    await next.close();
    process.stderr.write(`KILL_SEED=${seed}: ${seen.before} of ${KILLS} undone, ${seen.after} done\n`);
  },
  TIMEOUT_MS,
);

it('adds nothing when the file comes once more', async () => {
  await runCommand('import', 'calls', file);
  expect(await runJson('import', 'calls', file, '--again')).toMatchObject({ added: 0, duplicates: CALLS });
});
