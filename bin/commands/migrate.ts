import type { Command } from 'commander';
import { migrateDatabase } from '../../lib/database/db';
import { addCommand, formatCount, type Report } from './output';

/** `meisai migrate` */
export function addMigrateCommand(program: Command, report: Report): void {
  addCommand(program, 'migrate', 'bring the database up to date (npm start does so too)').action(async () => {
    const migrations = await migrateDatabase();
    const summary =
      migrations.length === 0
        ? 'The database is up to date'
        : `Ran ${formatCount(migrations.length, 'migration')}`;
    report({ summary, json: { migrations } });
  });
}
