import type { default as Autocannon } from 'autocannon';
import { readCpu } from '../kit/cpu';
import type { RunningServer } from '../kit/installation';
import type { Visitor } from '../kit/visitor';

/** How quickly a page came. Times in seconds. */
export interface PageLoad {
  requests: number;
  perSecond: number;
  /** The cost of one request to the web server. */
  cpu: number;
  p50: number;
  p95: number;
  p99: number;
}

/**
 * Has so many clients ask for one page for some seconds, each as soon as it has its answer, on this machine alone, and
 * with gzip, as browsers do.
 */
export async function measurePageLoad(
  { url, pid }: RunningServer,
  page: string,
  visitor: Visitor,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<PageLoad> {
  // A dependency of development: the portal does without it.
  const { default: autocannon } = (await import('autocannon')) as unknown as { default: typeof Autocannon };
  const headers = { ...visitor.headers, 'accept-encoding': 'gzip' };
  const options = { url: new URL(page, url).href, connections: clients, duration: seconds, headers };
  const times: number[] = [];
  const [cpu, started] = [readCpu(pid), performance.now()];
  const { non2xx, errors } = await new Promise<Autocannon.Result>((resolve, reject) => {
    autocannon(options, (error, result) => (error ? reject(error as Error) : resolve(result))).on(
      'response',
      (_client, _status, _bytes, milliseconds) => times.push(milliseconds / 1000),
    );
  });
  const used = { cpu: readCpu(pid) - cpu, seconds: (performance.now() - started) / 1000 };
  if (non2xx > 0 || errors > 0) throw new Error(`${page}: ${non2xx} bad answers, ${errors} errors`);
  times.sort((one, other) => one - other);
  const getPercentile = (part: number) => times[Math.floor(times.length * part)] ?? 0;
  return {
    requests: times.length,
    perSecond: times.length / used.seconds,
    cpu: used.cpu / times.length,
    p50: getPercentile(0.5),
    p95: getPercentile(0.95),
    p99: getPercentile(0.99),
  };
}

/** 8 / 12 / 30 ms */
export const formatPercentiles = ({ p50, p95, p99 }: PageLoad): string =>
  `${[p50, p95, p99].map((seconds) => Math.round(seconds * 1000)).join(' / ')} ms`;
