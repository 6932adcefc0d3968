import { readCpu } from '../kit/cpu';
import { measureCost, takeTurns } from '../kit/turns';
import type { Visitor } from '../kit/visitor';
import type { BenchContext } from './context';
import type { Engine } from './engine';

/** Times pages of a large and a small contract by the real web server: none may grow with the number of calls. */
export async function measurePages(bench: BenchContext, engine: Engine): Promise<void> {
  const stored = await bench.openStoredMonth(engine);
  const portal = await stored.installation.startPortal();
  const large = await stored.logIn(portal.url, 'large');
  const small = await stored.logIn(portal.url, 'small');
  const measure = async (visitor: Visitor, address: string) => {
    const { seconds, cpu } = await stored.database.measure(() =>
      measureCost(
        () => readCpu(portal.pid),
        async () => {
          for (let index = 0; index < bench.pageRequests; index += 1) await visitor.get(address);
        },
      ),
    );
    return { seconds: seconds / bench.pageRequests, cpu: cpu / bench.pageRequests };
  };
  const compare = async (id: string, reference: [Visitor, string], ours: [Visitor, string]) => {
    // V8 compiles a page while it is asked for: a first time does not count.
    for (const [visitor, address] of [reference, ours]) await measure(visitor, address);
    const turns = await takeTurns(
      bench.rounds,
      () => measure(...reference),
      () => measure(...ours),
    );
    bench.add(id, engine.name, { ...turns, lines: 1 });
  };
  const calls = `/selfpage/calls/${bench.month}`;
  const pages = findLastPage(await large.get(calls));
  const middle = `${calls}?page=${Math.ceil(pages / 2)}`;
  await compare('page-middle', [large, calls], [large, middle]);
  await compare('page-last', [large, calls], [large, `${calls}?page=${pages}`]);
  await compare('page-large', [small, '/selfpage/charges'], [large, '/selfpage/charges']);
  await portal.end();
}

const findLastPage = (html: string): number =>
  Math.max(1, ...[...html.matchAll(/[?&;]page=(\d+)/g)].map(([, page]) => Number(page)));
