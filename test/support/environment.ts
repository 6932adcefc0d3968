import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';
import { createScratchDatabase, dropScratchDatabase } from '../kit/scratch-database';
import { startTestRedis, type TestRedis } from './redis-servers';

// A developer's own settings of the portal must not reach the tests.
const SETTINGS =
  /^(PORT|HOST|TLS_|HTTP_REDIRECT|TRUST_PROXY|REDIS_|PRIVATE_|SESSION_SECRET|OPERATOR_|SERVICE_|SUPPORT_|TERMS_|PASSWORD_|SELF_|FILE_|CHARGE_|USAGE_|INCOMING_|CODE_|DEVICE_|TRUSTED_|DETAIL_FILE_|PUBLIC_URL|VERIFICATION_|TWILIO_|SMPP_|AWS_|WORKERS|LOG_LEVEL|MEISAI_)/;

/**
 * Gives each test file a DATA_DIR and a database of its own, and removes both when all its hooks have run. Redis is a
 * private one, or another where TEST_REDIS or the test file says so: `@jest-environment-options {"redis": "tls"}`; `shared` is what
 * TEST_REDIS says, or `single`.
 */
export default class TestEnvironment extends NodeEnvironment {
  private readonly dataDir = mkdtempSync(path.join(tmpdir(), 'meisai-test-'));
  private database?: string;
  private redis?: TestRedis;
  private readonly redisKind: string | undefined;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    const { redis = process.env.TEST_REDIS } = config.projectConfig.testEnvironmentOptions;
    this.redisKind = (redis === 'shared' ? (process.env.TEST_REDIS ?? 'single') : redis) as
      string | undefined;
  }

  override async setup(): Promise<void> {
    await super.setup();
    const server = process.env.TEST_DATABASE_URL;
    this.database = server && (await createScratchDatabase(server, 'test'));
    const { env } = this.global.process;
    for (const name of Object.keys(env)) if (SETTINGS.test(name)) Reflect.deleteProperty(env, name);
    env.NODE_ENV = 'test';
    env.DATA_DIR = this.dataDir;
    env.DATABASE_URL = this.database ?? `sqlite:${path.join(this.dataDir, 'test.sqlite3')}`;
    if (!this.redisKind) return;
    this.redis = await startTestRedis(this.redisKind, path.join(this.dataDir, 'test-redis'));
    Object.assign(env, this.redis.settings);
  }

  override async teardown(): Promise<void> {
    await super.teardown();
    await this.redis?.stop();
    if (this.database) await dropScratchDatabase(this.database);
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
