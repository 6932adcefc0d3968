import type { Request } from 'express';

/** Where a page of a list lies. `links` are the numbers to show, 0 where some are left out. */
export interface Pager {
  page: number;
  pages: number;
  total: number;
  /** The first and last row of the page, counted from 1; `first - 1` is the offset. */
  first: number;
  last: number;
  links: number[];
  /** The address of a page. */
  href: (page: number) => string;
}

export const ROWS_OF_PAGE = 10;

/** The page that `?page=` asks for, or the nearest that there is: 1 for a word, the last one past the end. */
export function pagerOf(req: Request, total: number): Pager {
  const pages = Math.max(1, Math.ceil(total / ROWS_OF_PAGE));
  const asked = Number(req.query.page ?? 1);
  const page = Math.min(Math.max(Number.isNaN(asked) ? 1 : Math.floor(asked), 1), pages);
  return {
    page,
    pages,
    total,
    first: total === 0 ? 0 : (page - 1) * ROWS_OF_PAGE + 1,
    last: Math.min(page * ROWS_OF_PAGE, total),
    links: linksAround(page, pages),
    href: (to) => addressOf(req, to),
  };
}

export const offsetOf = ({ page }: Pager): number => (page - 1) * ROWS_OF_PAGE;

/** The page's rows, for a query. */
export const rowsOf = (pager: Pager) => ({
  offset: offsetOf(pager),
  limit: ROWS_OF_PAGE,
  total: pager.total,
});

/** What else the address asks for stays. */
function addressOf(req: Request, page: number): string {
  const [path = '', query] = req.originalUrl.split('?');
  const asked = new URLSearchParams(query);
  asked.delete('page');
  if (page > 1) asked.set('page', String(page));
  return asked.size > 0 ? `${path}?${asked.toString()}` : path;
}

/** 1 … 11 12 13 … 110 */
function linksAround(page: number, pages: number): number[] {
  const shown = [1, page - 1, page, page + 1, pages].filter((link) => link >= 1 && link <= pages);
  const links = [...new Set(shown)];
  return links.flatMap((link, index) => {
    const before = links[index - 1] ?? 0;
    if (link - before === 2) return [link - 1, link];
    return link - before > 2 ? [0, link] : [link];
  });
}
