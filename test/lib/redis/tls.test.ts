/** @jest-environment-options {"redis": "tls"} */
import path from 'node:path';
import { createApp } from '../../../app';
import { config } from '../../../config';
import { enqueueBuildOrThrow, closeDetailFileQueue } from '../../../jobs/detail-files/queue';
import { findDetailFile, insertDetailFile } from '../../../models/detail-file/detail-file';
import { getRedis } from '../../../lib/redis/redis';
import { writeCertificates } from '../../support/certificates';
import { createSelfPageUser, openSelfPageBrowser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { waitFor } from '../../support/eventually';
import { runProgram } from '../../support/start-output';
import { killWorkerProcesses, startWorkerProcess } from '../../support/worker-process';

beforeAll(openTestPortal);
afterAll(async () => {
  await killWorkerProcesses();
  await closeDetailFileQueue();
  await closeTestPortal();
});

it('keeps sessions and makes files over TLS alone', async () => {
  const [, port] = await getRedis().config('GET', 'port');
  expect([config.REDIS_URL, port]).toEqual([expect.stringMatching(/^rediss:/), '0']);
  const customer = await createSelfPageUser(['05099999999']);
  const browser = await openSelfPageBrowser(createApp(), customer);
  expect(browser.path).toBe('/selfpage/contract');

  startWorkerProcess();
  const { id } = await insertDetailFile(customer.contractId, 201711, 'calls');
  await enqueueBuildOrThrow(id);
  await waitFor(async () => {
    expect((await findDetailFile(customer.contractId, 201711, 'calls')).status).toBe('ready');
  }, 30_000);
});

describe('a start', () => {
  let other: Record<'ca' | 'cert' | 'key', string>;
  beforeAll(async () => {
    other = await writeCertificates(path.join(config.DATA_DIR, 'other-authority'));
  });

  it.each([[['start.cjs']], [['meisai.cjs', 'worker']]])(
    'of %j refuses another authority',
    async (program) => {
      const { code, said } = await runProgram(program, { REDIS_TLS_CA: other.ca });
      expect(said).toMatch(
        /^(meisai: )?The Redis at rediss:\/\/127.0.0.1:\d+ has a certificate that is not trusted \([^\n]+\): set REDIS_TLS_CA to the certificate of the authority that signed it\.$/,
      );
      expect(code).toBe(1);
    },
  );

  it.each([
    ['names none', { REDIS_TLS_CA: '' }, 'has a certificate that is not trusted'],
    ['has no PEM for it', { REDIS_TLS_CERT: __filename }, 'files in the form PEM?'],
    [
      'reaches it by another name',
      { REDIS_URL: (process.env.REDIS_URL ?? '').replace('127.0.0.1', 'localhost') },
      'has a certificate for another name',
    ],
    ['brings none of its own', { REDIS_TLS_CERT: '', REDIS_TLS_KEY: '' }, ' wants a'],
    ['speaks no TLS', { REDIS_URL: (process.env.REDIS_URL ?? '').replace('rediss', 'redis') }, 'only with'],
  ])('that %s says so in a sentence', async (_, settings, sentence) => {
    const { code, said } = await runProgram(['start.cjs'], settings);
    expect(said).toContain(sentence);
    expect(said).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });
});
