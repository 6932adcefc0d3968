import type { Express } from 'express';
import { config } from '../../config';
import { listDemoAccounts } from '../../jobs/demo/load-demo';
import { createExpressMessages } from './express-messages';
import { OpenedServices, openRedisAndDatabase } from './services';
import { formatStartError } from '../../lib/process/operator-error';
import { onStopSignal } from '../../lib/shutdown';
import { startWebServer } from './web-server';
import { startWorkerProcesses } from './worker-processes';

export interface Portal {
  /** Address of the web server. */
  url: string;
  close(): Promise<void>;
}

/** Everything that `npm start` runs: Redis if none is given, database, web server, workers. */
export async function startPortal(createApp: () => Express): Promise<Portal> {
  const opened = new OpenedServices();
  try {
    await openRedisAndDatabase(opened);
    const app = createApp();
    const web = await startWebServer(app, createExpressMessages(app));
    const workers = startWorkerProcesses();
    opened.addCloser(() => Promise.all([web.close(), workers.stop()]));
    await announce(web.url);
    return { url: web.url, close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function announce(url: string): Promise<void> {
  const accounts = config.isProduction ? [] : await listDemoAccounts();
  const lines = accounts.map(
    ({ page, login, password }) => `  ${new URL(page, url).href}  ${login}  ${password}\n`,
  );
  process.stdout.write(`Meisai is ready: ${url}\n${lines.join('')}Stop it with Ctrl-C.\n`);
}

/** The main program: starts the portal, and ends the process when it is told to stop or cannot start. */
export async function runPortal(createApp: () => Express): Promise<void> {
  let portal: Portal | undefined;
  onStopSignal(async () => portal?.close());
  try {
    portal = await startPortal(createApp);
  } catch (error) {
    process.stderr.write(`${formatStartError(error)}\n`);
    process.exit(1);
  }
}
