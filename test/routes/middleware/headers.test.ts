import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
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

/** Written down, so that a new release of helmet cannot change them unnoticed. */
const SECURITY_HEADERS = [
  "content-security-policy: default-src 'none';style-src 'self';script-src 'self';img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy: same-origin',
  'cross-origin-resource-policy: same-origin',
  'origin-agent-cluster: ?1',
  'referrer-policy: same-origin',
  'x-content-type-options: nosniff',
  'x-dns-prefetch-control: off',
  'x-download-options: noopen',
  'x-frame-options: DENY',
  'x-permitted-cross-domain-policies: none',
  'x-xss-protection: 0',
];
const NO_STORE = 'cache-control: no-store, no-cache';
const HTML = 'content-type: text/html; charset=utf-8';
const LENGTH = 'content-length: …';
const CONNECTION = ['date: …', 'connection: close'];

describe('every answer', () => {
  it.each([
    ['a page', '/', [...SECURITY_HEADERS, NO_STORE, 'set-cookie: …', HTML, LENGTH]],
    [
      'a redirect',
      '/selfpage/contract',
      [
        ...SECURITY_HEADERS,
        NO_STORE,
        'set-cookie: …',
        'location: /',
        'vary: Accept',
        'content-type: text/plain; charset=utf-8',
        LENGTH,
      ],
    ],
    ['an error page', '/nowhere', [...SECURITY_HEADERS, NO_STORE, HTML, LENGTH]],
    [
      'a static file',
      '/public/keep-place.js',
      [
        ...SECURITY_HEADERS,
        'cache-control: no-cache',
        'etag: …',
        'content-type: text/javascript; charset=utf-8',
        LENGTH,
        'vary: Accept-Encoding',
      ],
    ],
    ['a report of health', '/health/live', ['content-type: application/json; charset=utf-8', LENGTH]],
  ])('has exactly these headers: %s', async (_, path, headers) => {
    expect(await readHeaders(path)).toEqual([...headers, ...CONNECTION]);
  });
});

/** The headers of an answer in the order in which they are sent; of those that differ each time only the name. */
async function readHeaders(path: string): Promise<string[]> {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [answer] = (await once(get({ port, path, agent: false }), 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  server.close();
  const { rawHeaders } = answer;
  return rawHeaders.flatMap((name, index) =>
    index % 2 ? [] : [`${name.toLowerCase()}: ${UNEQUAL.test(name) ? '…' : rawHeaders[index + 1]}`],
  );
}

const UNEQUAL = /^(Date|Content-Length|Set-Cookie|ETag)$/i;
