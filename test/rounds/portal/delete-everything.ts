import { db, isPostgres, queryRows } from '../../../lib/database/db';

/** What a new installation has in its tables, or needs to be one. */
const KEPT = ['call_types', 'knex_migrations', 'knex_migrations_lock'];

const LIST_TABLES = isPostgres
  ? "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
  : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";

/** Empties the database, but for the call types. */
export async function deleteEverything(): Promise<void> {
  const tables = await queryRows<{ name: string }>(db, LIST_TABLES);
  const names = tables.map(({ name }) => name).filter((name) => !KEPT.includes(name));
  if (isPostgres) await db.raw(`TRUNCATE ${names.join(', ')} CASCADE`);
  else await deleteOnSqlite(names);
}

async function deleteOnSqlite(tables: string[]): Promise<void> {
  await db.raw('PRAGMA foreign_keys = OFF');
  for (const table of tables) await db(table).delete();
  await db.raw('PRAGMA foreign_keys = ON');
}
