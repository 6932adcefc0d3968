import { type BenchContext, type BenchContract, logInCustomer } from './context';
import { runInTurns, computeMedian, measureSeconds } from '../kit/turns';
import type { Visitor } from '../kit/visitor';

const REPEATS = 15;

/** Times pages of a large and a small contract by the real web server: none may grow with the number of calls. */
export async function measurePages(bench: BenchContext): Promise<void> {
  const portal = await bench.sqlite.startPortal();
  const contract: BenchContract = bench.rows <= 1_000_000 ? 'large' : 'month';
  const large = await logInCustomer(bench.sqlite, portal.url, contract);
  const small = await logInCustomer(bench.sqlite, portal.url, 'small');
  const calls = `/selfpage/calls/${bench.month}`;
  const pages = findLastPage(await large.get(calls));
  const name = `${(pages * 10).toLocaleString('en')} calls`;
  for (const { which, page, target } of [
    { which: 'middle', page: Math.floor(pages / 2) },
    { which: 'last', page: pages, target: '≤ 1.5' },
  ])
    await compare(bench, `S8, ${name}: ${which} page / first page`, target, [
      () => timePage(large, calls),
      () => timePage(large, `${calls}?page=${page}`),
    ]);
  await compare(bench, `S6, ${name} / 50 calls`, '≤ 1.3', [
    () => timePage(small, '/selfpage/charges'),
    () => timePage(large, '/selfpage/charges'),
  ]);
  await portal.end();
}

async function compare(
  bench: BenchContext,
  work: string,
  target: string | undefined,
  [reference, ours]: [() => Promise<number>, () => Promise<number>],
): Promise<void> {
  await reference();
  await ours();
  const times = await runInTurns(bench.rounds, reference, ours);
  bench.add({ work, ...times, ratio: times.ours / (times.reference ?? 1), ...(target && { target }) });
}

/** The usual time of several looks, one after the other. */
async function timePage(visitor: Visitor, address: string): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < REPEATS; index += 1)
    times.push(await measureSeconds(() => visitor.get(address)));
  return computeMedian(times);
}

const findLastPage = (html: string): number =>
  Math.max(1, ...[...html.matchAll(/[?&;]page=(\d+)/g)].map(([, page]) => Number(page)));
