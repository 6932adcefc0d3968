import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkSameOutcome } from './agreement';
import { CallData } from './call-data';
import type { CallOrder } from './call-files';
import { buildResult, type Measured } from './report';
import { formatReport } from './report-table';
import type { Row } from './rows';
import { takeTurns } from '../kit/turns';

const folder = mkdtempSync(path.join(tmpdir(), 'meisai-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the files of calls', () => {
  const lines = { contracts: 2, numbers: 3 };
  const readCalls = async (name: string, order: CallOrder, kind: 'charged' | 'raw' = 'charged') => {
    const data = new CallData(path.join(folder, name), 500, 201711);
    mkdirSync(path.join(folder, name), { recursive: true });
    const calls = await data.prepareCalls({ lines, kind, order });
    return readFileSync(path.join(calls, 'calls.csv'), 'utf8').trim().split('\n');
  };

  it('are the same for the same arguments, each call with an id of its own', async () => {
    const [header, ...calls] = await readCalls('one', 'time');
    expect([header, ...calls]).toEqual(await readCalls('two', 'time'));
    expect(new Set(calls.map((line) => line.split(',')[0])).size).toBe(500);
  });

  it('hold the same calls in another order', async () => {
    const byTime = await readCalls('time', 'time');
    const byNumber = await readCalls('number', 'number');
    const atRandom = await readCalls('random', 'random');
    expect([...byNumber].sort()).toEqual([...byTime].sort());
    expect([...atRandom].sort()).toEqual([...byTime].sort());
    const numbers = byNumber.flatMap((line) => /,(0500\d+),/.exec(line)?.[1] ?? []);
    expect(numbers).toEqual([...numbers].sort());
    expect(atRandom).not.toEqual(byTime);
  });

  it('are lines of a switch that say neither area nor charge', async () => {
    const [first] = await readCalls('raw', 'time', 'raw');
    expect(first?.split(',')).toHaveLength(18 + 1);
    expect(first).toMatch(/"ANSWERED","DOCUMENTATION"/);
  });
});

describe('the agreement', () => {
  const writeOutcome = (name: string, lines: string[], rejected = 0) => {
    const outcome = path.join(folder, name);
    mkdirSync(outcome);
    writeFileSync(path.join(outcome, 'days'), `${lines.join('\n')}\n`);
    const counts = { records: 2, added: 2 - rejected, duplicates: 0, unanswered: 0, rejected };
    return { whose: name, counts, folder: outcome };
  };
  const LINES = ['05012345678|201711|0|domestic|17470|1|660|800', '05012345678|201711|0|ip|17470|1|10|100'];

  it('holds where all counts and sums are the same', async () => {
    await checkSameOutcome(writeOutcome('ours', LINES), writeOutcome('by hand', LINES));
  });

  it('ends at a difference of 1/100 yen, and shows it', async () => {
    const other = [LINES[0]?.replace(/800$/, '801') ?? '', LINES[1] ?? ''];
    const check = checkSameOutcome(writeOutcome('dear', LINES), writeOutcome('dearer', other));
    await expect(check).rejects.toThrow(/dear and dearer differ:[^]*< .*\|800\n[^]*> .*\|801/);
  });

  it('ends where another number of lines was rejected', async () => {
    const check = checkSameOutcome(writeOutcome('few', LINES), writeOutcome('many', LINES, 1));
    await expect(check).rejects.toThrow(/few: .*"rejected":0.*, but many: .*"rejected":1/);
  });
});

it('runs reference and ours in turns', async () => {
  const order: string[] = [];
  const createRun = (name: string) => () => {
    order.push(name);
    return Promise.resolve({ seconds: 1, cpu: order.length });
  };
  const turns = await takeTurns(2, createRun('reference'), createRun('ours'));
  expect(order).toEqual(['reference', 'ours', 'reference', 'ours']);
  expect(turns.ours.map(({ cpu }) => cpu)).toEqual([2, 4]);
});

describe('a line of the report', () => {
  const row: Row = {
    id: 'x',
    work: 'import',
    on: { SQLite: { target: { ratio: 2 }, ambition: { ratio: 3 } } },
    isForMillion: true,
  };
  const measure = (reference: number[], ours: number[]): Measured => ({
    reference: reference.map((cpu) => ({ cpu, seconds: 1 })),
    ours: ours.map((cpu) => ({ cpu, seconds: 0.5, memory: 2e6, log: 3e6 })),
    lines: 1000,
  });

  it.each([
    ['ambition', 9],
    ['target', 6],
    ['missed', 5],
  ])('has reached “%s” by the medians of CPU', (reached, cpu) => {
    const result = buildResult(row, 'SQLite', 1_000_000, measure([cpu, 100, 1], [1, 3, 90]));
    expect(result).toMatchObject({ reached, ratio: cpu / 3, perSecond: 2000 });
  });

  it('says nothing of a goal for a million calls with fewer', () => {
    const result = buildResult(row, 'SQLite', 1000, measure([9], [3]));
    expect(result).toMatchObject({ reached: '–', ratio: 3 });
  });

  it('misses a goal of growth where the log is too large', () => {
    const grown: Row = { ...row, on: { SQLite: { target: { growth: 1.15, log: 2 } } } };
    const result = buildResult(grown, 'SQLite', 1_000_000, measure([3], [3]));
    expect(result).toMatchObject({ growth: 1, reached: 'missed' });
  });

  it('says why there is nothing', () => {
    const result = buildResult(row, 'SQLite', 1_000_000, undefined, 'not built yet');
    expect(result).toMatchObject({ reached: '–', note: 'not built yet' });
  });

  it('shows target, ambition and what was reached, and what was left out', () => {
    const table = formatReport({
      ...{ date: '2026-11-22', machine: '2 cores', commit: 'commit abc', rows: 1_000_000, rounds: 3 },
      skipped: ['what is compared with psql, which is not installed'],
      results: [buildResult(row, 'SQLite', 1_000_000, measure([6], [3]))],
    });
    expect(table).toContain('skipped: what is compared with psql');
    expect(table).toMatch(
      /\| import +\| SQLite +\| – +\| 6\.00 s +\| 3\.00 s +\| 2\.00 +\| ≥ 2 +\| ≥ 3 +\| target +\| 1\.00 s +\| 500 ms/,
    );
    expect(table).toContain('targets: 1 reached, 0 of them with their ambition; 0 missed; 0 not measured');
  });
});
