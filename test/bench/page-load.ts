import type { default as Autocannon } from 'autocannon';
import type { Visitor } from '../kit/visitor';

/** How quickly a page came. Times in seconds. */
export interface PageLoad {
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
}

const SECONDS = 3;

/** Has so many clients ask for one page for some seconds, each as soon as it has its answer, on this machine alone. */
export async function measurePageLoad(url: string, visitor: Visitor, connections: number): Promise<PageLoad> {
  // A dependency of development: the portal does without it.
  const { default: autocannon } = (await import('autocannon')) as unknown as { default: typeof Autocannon };
  const times: number[] = [];
  const { non2xx, errors, requests } = await new Promise<Autocannon.Result>((resolve, reject) => {
    const options = { url, connections, duration: SECONDS, headers: visitor.headers };
    autocannon(options, (error, result) => (error ? reject(error as Error) : resolve(result))).on(
      'response',
      (_client, _status, _bytes, milliseconds) => times.push(milliseconds / 1000),
    );
  });
  if (non2xx > 0 || errors > 0) throw new Error(`${url}: ${non2xx} bad answers, ${errors} errors`);
  times.sort((one, other) => one - other);
  const getPercentile = (part: number) => times[Math.floor(times.length * part)] ?? 0;
  return {
    perSecond: requests.average,
    p50: getPercentile(0.5),
    p95: getPercentile(0.95),
    p99: getPercentile(0.99),
  };
}

/** 8 / 12 / 30 ms */
export const formatPercentiles = ({ p50, p95, p99 }: PageLoad): string =>
  `${[p50, p95, p99].map((seconds) => Math.round(seconds * 1000)).join(' / ')} ms`;
