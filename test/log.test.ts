import { pino } from 'pino';
import { log } from '../log';
import { db } from '../lib/database/db';
import { closeTestPortal, openTestPortal } from './support/portal';

let lines: string[];

beforeAll(openTestPortal);
afterAll(closeTestPortal);
beforeEach(() => {
  lines = [];
  const { [pino.symbols.streamSym]: stream } = log as unknown as Record<
    symbol,
    { write(line: string): void }
  >;
  if (stream) jest.spyOn(stream, 'write').mockImplementation((line) => lines.push(line));
  log.level = 'error';
});
afterEach(() => {
  log.level = 'silent';
  jest.restoreAllMocks();
});

const getCode = {
  ...{ login_id: 1, request_id: 'request', session_digest: 'digest', telephone: '09012345678' },
  ...{ code_hash: 'hash-of-the-code', live: false, state: 'queued', requested_at: 1, expires_at: 1 },
};

it('tells what the database refused, but not the values', async () => {
  // It has no method.
  const error: unknown = await db('verification_codes')
    .insert(getCode)
    .catch((refused: unknown) => refused);
  log.error({ err: error }, 'refused');
  expect(lines.join()).toMatch(/insert into [^ ]*verification_codes.*method/);
  expect(lines.join()).not.toMatch(/09012345678|hash-of-the-code/);
});

it('hides secrets and telephone numbers of what is logged', () => {
  log.error({ sent: { ...getCode, code: '123456' }, code: '123456', password: 'secret1' }, 'a mistake');
  expect(lines.join()).toContain('(hidden)');
  expect(lines.join()).not.toMatch(/09012345678|123456|secret1/);
});

it('keeps the code of an error', () => {
  const error = Object.assign(new Error('refused'), { code: '23505' });
  log.error({ err: error, code: 'ECONNREFUSED' }, 'a mistake');
  expect(lines.join()).toMatch(/"code":"23505".*"code":"ECONNREFUSED"/);
});
