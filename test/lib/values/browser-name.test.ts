import { formatBrowserName } from '../../../lib/values/browser-name';

it.each([
  ['Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko', 'Internet Explorer 11 (Windows)'],
  ['w3m/0.5.3+git20230121', 'w3m 0.5'],
  ['Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.7.8', 'Lynx 2.9'],
  ['Links (2.28; Linux 6.1.0 x86_64; GNU C 12.2; text)', 'Links 2.28 (Linux)'],
  ['Mozilla/5.0 (X11; Linux) NetSurf/3.10', 'NetSurf 3.10 (Linux)'],
  ['Dillo/3.0.5', 'Dillo 3.0'],
  ['-', '-'],
  ['', '不明なブラウザ'],
])('calls the browser of “%s” “%s”', (userAgent, name) => {
  expect(formatBrowserName(userAgent)).toBe(name);
});
