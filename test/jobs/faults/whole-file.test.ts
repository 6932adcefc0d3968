import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Visitor } from '../../../jobs/bench/visitor';
import { fetchWhole, leftoversIn, totalsOf } from '../../../jobs/faults/whole-file';

const CALLS = 'number,charge\r\n050-1,8.00\r\n050-1,46.50\r\n';
const etagOf = (text: string) => `"${createHash('sha256').update(text).digest('hex')}"`;

let server: Server;
let answer = { status: 200, body: CALLS, etag: etagOf(CALLS) };

beforeAll(async () => {
  server = createServer((_, res) => {
    res.writeHead(answer.status, { etag: answer.etag, 'content-length': Buffer.byteLength(answer.body) });
    res.end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

const fetchCalls = (totals = { lines: 2, charge: 5450 }) => {
  const { port } = server.address() as AddressInfo;
  return fetchWhole(new Visitor(`http://127.0.0.1:${port}`), '/download?format=csv', totals, 'last');
};

it('adds up the lines of both kinds of files', () => {
  expect(totalsOf(CALLS, 'last')).toEqual({ lines: 2, charge: 5450 });
  expect(totalsOf('number,sum,a\r\n050-1,8.00,8.00\r\n', 'second')).toEqual({ lines: 1, charge: 800 });
  expect(totalsOf(`${CALLS}050-1,4`, 'last').lines).toBe(2.5);
});

it('knows a whole file, none, half of one, and another one', async () => {
  expect(await fetchCalls()).toBe(true);
  await expect(fetchCalls({ lines: 3, charge: 5450 })).rejects.toThrow('2 lines of 3');
  await expect(fetchCalls({ lines: 2, charge: 5451 })).rejects.toThrow("the calls' 5451");
  answer = { ...answer, body: CALLS.slice(0, 30) };
  await expect(fetchCalls()).rejects.toThrow('not the bytes that were made');
  answer = { ...answer, status: 404 };
  expect(await fetchCalls()).toBe(false);
  answer = { ...answer, status: 500 };
  await expect(fetchCalls()).rejects.toThrow('answers 500');
});

it('finds what is left of runs that were given up', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'meisai-leftovers-'));
  const first = '11111111-1111-4111-8111-111111111111';
  const second = '22222222-2222-4222-8222-222222222222';
  const names = [`1-${first}.csv`, `1-${first}.csv-zip`, `2-${second}.csv`];
  const left = [`1-${second}.csv`, `2-${second}.utf8.${first}.partial`];
  for (const name of [...names, ...left]) writeFileSync(path.join(folder, name), '');
  expect(leftoversIn(folder)).toEqual(left);
  rmSync(folder, { recursive: true });
});
