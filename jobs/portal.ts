import type { RequestListener } from 'node:http';
import { config } from '../config';
import { db, migrateDatabase } from '../models/db';
import { closeRedis, pingRedis } from '../models/redis';
import { demoAccounts, loadDemoIfEmpty } from './demo/load-demo';
import { startPrivateRedis } from './private-redis';
import { closeDetailFileQueue } from './queue';
import { explainFailure, StartError, startErrorText } from './start-error';
import { onStopSignal } from './stop-signal';
import { startWebServer } from './web-server';
import { startWorkerProcesses } from './worker-processes';

export interface Portal {
  /** Address of the web server. */
  url: string;
  close(): Promise<void>;
}

type Closing = () => Promise<unknown>;

/** Everything that `npm start` runs: Redis where none is given, database, web server, workers. */
export async function startPortal(createApp: () => RequestListener): Promise<Portal> {
  // The last opened is closed first.
  const closing: Closing[] = [];
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    await openRedisAndDatabase(closing);
    closing.push(closeDetailFileQueue);
    const web = await startWebServer(createApp());
    const workers = startWorkerProcesses();
    closing.push(() => Promise.all([web.close(), workers.stop()]));
    await announce(web.url);
    return { url: web.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openRedisAndDatabase(closing: Closing[]): Promise<void> {
  if (!config.REDIS_URL) {
    const own = await startPrivateRedis();
    closing.push(() => own.stop());
  }
  closing.push(closeRedis);
  await pingRedis().catch(() => {
    throw new StartError(
      `The Redis at ${withoutPassword(config.REDIS_URL)} does not answer: is REDIS_URL right?`,
    );
  });
  closing.push(() => db.destroy());
  await explainFailure(
    `The database ${withoutPassword(config.DATABASE_URL)} cannot be used`,
    migrateDatabase,
  );
  if (!config.isProduction) await loadDemoIfEmpty();
}

const withoutPassword = (url = 'DATA_DIR') => url.replace(/\/\/[^@/]*@/, '//');

async function announce(url: string): Promise<void> {
  const accounts = config.isProduction ? [] : await demoAccounts();
  const lines = accounts.map(
    ({ page, login, password }) => `  ${new URL(page, url).href}  ${login}  ${password}\n`,
  );
  process.stdout.write(`Meisai is ready: ${url}\n${lines.join('')}Stop it with Ctrl-C.\n`);
}

/** The main program: starts the portal, and ends the process when it is told to stop or cannot start. */
export async function runPortal(createApp: () => RequestListener): Promise<void> {
  let portal: Portal | undefined;
  onStopSignal(async () => portal?.close());
  try {
    portal = await startPortal(createApp);
  } catch (error) {
    process.stderr.write(`${startErrorText(error)}\n`);
    process.exit(1);
  }
}
