import type { Request } from 'express';
import { getOffset, paginate } from '../../routes/pager';

const getPage = (page: unknown, total: number) =>
  paginate({ query: { page }, originalUrl: '/selfpage/calls/201711?page=7' } as unknown as Request, total);

describe('pagerOf', () => {
  it('shows the first, the last and the neighbouring pages, 0 for a gap', () => {
    expect(getPage('1', 1096).links).toEqual([1, 2, 0, 110]);
    expect(getPage('12', 1096).links).toEqual([1, 0, 11, 12, 13, 0, 110]);
    expect(getPage('110', 1096).links).toEqual([1, 0, 109, 110]);
    expect(getPage('3', 51).links).toEqual([1, 2, 3, 4, 5, 6]);
    expect(getPage('1', 10).links).toEqual([1]);
  });

  it.each([
    ['12', 12],
    ['111', 110],
    ['0', 1],
    ['-5', 1],
    ['', 1],
    ['x', 1],
    ['2.9', 2],
    ['Infinity', 110],
    [['1', '2'], 1],
  ])('leads page %j to page %d of 110', (page, nearest) => {
    expect(getPage(page, 1096).page).toBe(nearest);
  });

  it('tells which rows a page shows', () => {
    expect(getPage('110', 1096)).toMatchObject({ first: 1091, last: 1096, pages: 110 });
    expect(getOffset(getPage('110', 1096))).toBe(1090);
    expect(getPage('1', 0)).toMatchObject({ first: 0, last: 0, pages: 1 });
  });

  it('gives the addresses of pages', () => {
    const { href } = getPage('2', 100);
    expect([href(1), href(3)]).toEqual(['/selfpage/calls/201711', '/selfpage/calls/201711?page=3']);
  });
});
