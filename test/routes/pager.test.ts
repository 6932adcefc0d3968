import type { Request } from 'express';
import { offsetOf, pagerOf } from '../../routes/pager';

const pageOf = (page: unknown, total: number) =>
  pagerOf({ query: { page }, originalUrl: '/selfpage/calls/201711?page=7' } as unknown as Request, total);

describe('pagerOf', () => {
  it('shows the first, the last and the neighbouring pages, 0 for a gap', () => {
    expect(pageOf('1', 1096).links).toEqual([1, 2, 0, 110]);
    expect(pageOf('12', 1096).links).toEqual([1, 0, 11, 12, 13, 0, 110]);
    expect(pageOf('110', 1096).links).toEqual([1, 0, 109, 110]);
    expect(pageOf('3', 51).links).toEqual([1, 2, 3, 4, 5, 6]);
    expect(pageOf('1', 10).links).toEqual([1]);
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
    expect(pageOf(page, 1096).page).toBe(nearest);
  });

  it('tells which rows a page shows', () => {
    expect(pageOf('110', 1096)).toMatchObject({ first: 1091, last: 1096, pages: 110 });
    expect(offsetOf(pageOf('110', 1096))).toBe(1090);
    expect(pageOf('1', 0)).toMatchObject({ first: 0, last: 0, pages: 1 });
  });

  it('gives the addresses of pages', () => {
    const { href } = pageOf('2', 100);
    expect([href(1), href(3)]).toEqual(['/selfpage/calls/201711', '/selfpage/calls/201711?page=3']);
  });
});
