import { createApp } from '../../../app';
import { Browser } from '../../support/browser';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const app = createApp();
let browser: Browser;

beforeAll(async () => {
  await openTestPortal();
  browser = await new Browser(app).visit('/');
});
afterAll(closeTestPortal);

describe('the headers of a page', () => {
  it('let nothing in but our own style, scripts, pictures and forms', () => {
    const policy = browser.getHeader('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(browser.getHeader('x-content-type-options')).toBe('nosniff');
    expect(browser.getHeader('x-powered-by')).toBe('');
  });

  it('keep it out of every cache', () => {
    expect(browser.getHeader('cache-control')).toBe('no-store, no-cache');
    expect(browser.getHeader('etag')).toBe('');
  });

  it('send no HSTS over plain HTTP', () => {
    expect(browser.getHeader('strict-transport-security')).toBe('');
  });

  it('declare UTF-8, also in the page itself', () => {
    expect(browser.getHeader('content-type')).toBe('text/html; charset=utf-8');
    expect(browser.$('meta[charset]').attr('charset')).toBe('utf-8');
    expect(browser.$('html').attr('lang')).toBe('ja');
  });

  it('keep the cookie from scripts and other sites', async () => {
    const fresh = await new Browser(app).visit('/');
    expect(fresh.getHeader('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
  });
});

describe('a page', () => {
  it('fetches nothing from another host, and has no inline script or style', () => {
    expect(
      browser
        .$('[src],[href]')
        .toArray()
        .map((it) => browser.$(it).attr('src') ?? browser.$(it).attr('href')),
    ).not.toContainEqual(expect.stringMatching(/^(https?:)?\/\//));
    expect(browser.$('script:not([src]),style,[style],[onclick]')).toHaveLength(0);
  });

  it('gets its style sheet', async () => {
    const style = await new Browser(app).visit('/public/style.css');
    expect(style.status).toBe(200);
    expect(style.getHeader('cache-control')).not.toContain('no-store');
  });
});
