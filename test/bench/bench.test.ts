import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeCallsFile } from '../kit/calls-file';
import { formatReport } from './report';
import { runInTurns } from '../kit/turns';

const folder = mkdtempSync(path.join(tmpdir(), 'meisai-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('makes the same calls for the same arguments, each with an id of its own', async () => {
  const readCalls = async (name: string) => {
    const file = path.join(folder, name);
    await writeCallsFile(file, { rows: 500, numbers: ['05011112222'], month: 201711, seed: 'x' });
    return readFileSync(file, 'utf8');
  };
  const text = await readCalls('one.csv');
  expect(await readCalls('two.csv')).toBe(text);
  const ids = text.trim().split('\n').slice(1);
  expect(new Set(ids.map((line) => line.split(',')[0])).size).toBe(500);
  expect(ids.every((line) => line.includes(',2017-11-'))).toBe(true);
});

it('runs reference and ours in turns and takes medians', async () => {
  const order: string[] = [];
  const createRun = (name: string, seconds: number[]) => (round: number) => {
    order.push(name);
    return Promise.resolve(seconds[round] ?? 0);
  };
  const times = await runInTurns(3, createRun('reference', [5, 1, 3]), createRun('ours', [2, 9, 4]));
  expect(times).toEqual({ reference: 3, ours: 4 });
  expect(order.slice(0, 3)).toEqual(['reference', 'ours', 'reference']);
});

it('prints a table, and says what was left out', () => {
  const report = { date: '2026-11-22', machine: '2 cores', rows: 1000, rounds: 3 };
  const table = formatReport({
    ...report,
    skipped: ['what is compared with psql, which is not installed'],
    measurements: [{ work: 'file', reference: 3, ours: 0.5, ratio: 6, rate: 2000, memory: 100e6 }],
  });
  expect(table).toContain('skipped: what is compared with psql');
  expect(table).toMatch(/\| file +\| 3\.00 s +\| 500 ms +\| 6\.00 +\| – +\| 2,000 +\| 100 MB/);
});
