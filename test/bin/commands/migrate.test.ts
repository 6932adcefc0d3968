import { db } from '../../../lib/database/db';
import { runCommand, runJson } from '../../support/command';

afterAll(() => db.destroy());

it('tells what it has brought the database up to date with', async () => {
  const { migrations } = await runJson<{ migrations: string[] }>('migrate');
  expect(migrations.length).toBeGreaterThan(1);
  expect((await runCommand('migrate')).out).toBe('The database is up to date\n');
});
