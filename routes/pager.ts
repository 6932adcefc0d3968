import type { Request } from 'express';

/** The position of a page in a list. `links` are the page numbers to show; 0 stands for a gap. */
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

export const ROWS_PER_PAGE = 10;

/** The page that `?page=` asks for, or the nearest one: 1 for a word, the last page past the end. */
export function paginate(req: Request, total: number): Pager {
  const pages = Math.max(1, Math.ceil(total / ROWS_PER_PAGE));
  const asked = Number(req.query.page ?? 1);
  const page = Math.min(Math.max(Number.isNaN(asked) ? 1 : Math.floor(asked), 1), pages);
  return {
    page,
    pages,
    total,
    first: total === 0 ? 0 : (page - 1) * ROWS_PER_PAGE + 1,
    last: Math.min(page * ROWS_PER_PAGE, total),
    links: buildLinks(page, pages),
    href: (to) => buildHref(req, to),
  };
}

export const getOffset = ({ page }: Pager): number => (page - 1) * ROWS_PER_PAGE;

/** The rows of the page, for a query. */
export const toRowRange = (pager: Pager) => ({
  offset: getOffset(pager),
  limit: ROWS_PER_PAGE,
  total: pager.total,
});

/** Keeps everything else that the address asks for. */
function buildHref(req: Request, page: number): string {
  const [path = '', query] = req.originalUrl.split('?');
  const asked = new URLSearchParams(query);
  asked.delete('page');
  if (page > 1) asked.set('page', String(page));
  return asked.size > 0 ? `${path}?${asked.toString()}` : path;
}

/** 1 … 11 12 13 … 110 */
function buildLinks(page: number, pages: number): number[] {
  const shown = [1, page - 1, page, page + 1, pages].filter((link) => link >= 1 && link <= pages);
  const links = [...new Set(shown)];
  return links.flatMap((link, index) => {
    const before = links[index - 1] ?? 0;
    if (link - before === 2) return [link - 1, link];
    return link - before > 2 ? [0, link] : [link];
  });
}
