import { readdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../config';
import { db, migrateDatabase } from '../../../lib/database/db';
import { WarmCommand } from '../../support/warm-command';

const PROCESSES = 4;
const files = readdirSync(path.join(projectRoot, 'migrations')).length;

let warm: WarmCommand[] = [];

/** Restores the state before the first start. */
async function emptyDatabase(): Promise<void> {
  await db.migrate.rollback(undefined, true);
  for (const table of ['knex_migrations', 'knex_migrations_lock']) await db.schema.dropTableIfExists(table);
}

beforeEach(async () => {
  await migrateDatabase();
  await emptyDatabase();
  warm = Array.from({ length: PROCESSES }, () => new WarmCommand());
  await Promise.all(warm.map((command) => command.waitUntilReady()));
});
afterEach(() => Promise.all(warm.map((command) => command.close())));
afterAll(() => db.destroy());

describe('an empty database', () => {
  it('is brought up to date by one of several processes that start at once', async () => {
    const statuses = await Promise.all(warm.map((command) => command.run('migrate')));
    expect(statuses).toEqual(warm.map(() => 0));
    expect(await db('knex_migrations')).toHaveLength(files);
    expect(await db('knex_migrations_lock')).toHaveLength(1);
  });

  it('is so by the next where one was killed on the way', async () => {
    const [last, ...killed] = warm;
    for (const [index, command] of killed.entries()) await command.runAndKill(40 * (index + 1), 'migrate');
    expect(await last?.run('migrate')).toBe(0);
    expect(await db('knex_migrations')).toHaveLength(files);
  });
});
