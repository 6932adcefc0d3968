import { config, redactPassword } from '../../config';
import { closeDatabase, migrateDatabase } from '../../lib/database/db';
import { fileStore } from '../../lib/files/file-store';
import { closeRedis } from '../../lib/redis/redis';
import { closeCodeQueue } from '../../jobs/verification-codes/queue';
import { loadDemoIfEmpty } from '../../jobs/demo/load-demo';
import { startPrivateRedis } from '../../lib/redis/private-redis';
import { closeDetailFileQueue } from '../../jobs/detail-files/queue';
import { requireRedis } from '../../lib/redis/require-redis';
import { explainFailure } from '../../lib/process/operator-error';
import { printSettingWarnings } from '../../lib/setting-warnings';
import { startWorkers } from './workers';

export interface Services {
  close(): Promise<void>;
}

type Closer = () => Promise<unknown>;

/** Closes what has been opened, the last one first, also if a later one could not be opened. */
export class OpenedServices implements Services {
  private readonly closers: Closer[] = [];

  addCloser(close: Closer): void {
    this.closers.push(close);
  }

  async close(): Promise<void> {
    for (const one of this.closers.splice(0).reverse()) await one();
  }
}

/**
 * Starts what `createApp()` needs, for the suites of others: Redis (a private one if REDIS_URL is not set), the
 * database brought up to date with the demonstration in an empty one, and a worker, all for this process.
 */
export async function startServices(): Promise<Services> {
  const opened = new OpenedServices();
  try {
    await openRedisAndDatabase(opened);
    const workers = startWorkers();
    opened.addCloser(() => workers.close());
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Redis, the database, the file store, the queue. */
export async function openRedisAndDatabase(opened: OpenedServices): Promise<void> {
  printSettingWarnings();
  if (!config.REDIS_URL) {
    const own = await startPrivateRedis();
    opened.addCloser(() => own.stop());
  }
  opened.addCloser(closeRedis);
  await requireRedis();
  opened.addCloser(closeDatabase);
  await explainFailure(`The database ${redactPassword(config.DATABASE_URL)} cannot be used`, migrateDatabase);
  await explainFailure('The folder of detail files in DATA_DIR cannot be used', () => fileStore.check());
  if (!config.isProduction) await loadDemoIfEmpty();
  opened.addCloser(closeDetailFileQueue);
  opened.addCloser(closeCodeQueue);
}
