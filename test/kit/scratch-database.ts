import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/**
 * Makes a database of a bench or a test on the server of this URL, and returns its own URL. It is a copy of `template`,
 * the name of a database to which nobody is connected, where that is given.
 */
export async function createScratchDatabase(
  server: string,
  use: 'bench' | 'test',
  template?: string,
): Promise<string> {
  const name = `meisai_${use}_${randomUUID().replaceAll('-', '')}`;
  await runOnServer(server, `CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

export async function dropScratchDatabase(database: string): Promise<void> {
  const url = new URL(database);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  await runOnServer(url.href, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function runOnServer(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
