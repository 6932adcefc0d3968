import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { Visitor } from '../kit/visitor';
import { fetchWhole, computeTotals } from './whole-file';

const CALLS = 'number,charge\r\n050-1,8.00\r\n050-1,46.50\r\n';
const toEtag = (text: string | Uint8Array) => `"${hash('sha256', text)}"`;

let server: Server;
let answer: { status: number; body: string | Uint8Array; etag: string };

beforeEach(() => {
  answer = { status: 200, body: CALLS, etag: toEtag(CALLS) };
});

beforeAll(async () => {
  server = createServer((_, res) => {
    res.writeHead(answer.status, { etag: answer.etag, 'content-length': Buffer.byteLength(answer.body) });
    res.end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

const fetchCalls = (totals = { lines: 2, charge: 5450 }, format = 'csv') => {
  const { port } = server.address() as AddressInfo;
  return fetchWhole(new Visitor(`http://127.0.0.1:${port}`), `/download?format=${format}`, totals, 'last');
};

it('adds up the lines of both kinds of files', () => {
  expect(computeTotals(CALLS, 'last')).toEqual({ lines: 2, charge: 5450 });
  expect(computeTotals('number,sum,a\r\n050-1,8.00,8.00\r\n', 'second')).toEqual({ lines: 1, charge: 800 });
  expect(computeTotals(`${CALLS}050-1,4`, 'last').lines).toBe(2.5);
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

it('looks into a ZIP', async () => {
  const fetchZip = (body: Uint8Array) => {
    answer = { status: 200, body, etag: toEtag(body) };
    return fetchCalls(undefined, 'csv-zip');
  };
  const buildZip = (...texts: string[]) => {
    const zip = new ZipFile();
    texts.forEach((text, index) => zip.addBuffer(Buffer.from(text), `${index}.csv`));
    zip.end();
    return buffer(zip.outputStream);
  };
  const whole = await buildZip(CALLS);
  expect(await fetchZip(whole)).toBe(true);
  await expect(fetchZip(await buildZip(CALLS.slice(0, -4)))).rejects.toThrow('1.5 lines of 2');
  await expect(fetchZip(await buildZip(CALLS, CALLS))).rejects.toThrow('2 files in the ZIP');
  await expect(fetchZip(whole.subarray(0, -30))).rejects.toThrow('no whole ZIP');
});
