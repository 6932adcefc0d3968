import Bowser from 'bowser';

/** A product and its version: w3m/0.5.3, NetSurf/3.10, Links (2.28; …) */
const PRODUCT = /(?:^|[\s(])(?!Mozilla)([A-Za-z][\w.-]*)(?:\/| \()(\d+(?:\.\d+)?)/;
const MAX_TEXT_LENGTH = 30;

/** `Chrome 130 (Windows)` from a User-Agent header; an unknown browser is named as it names itself, such as `w3m 0.5`. */
export function formatBrowserName(userAgent: string): string {
  if (userAgent === '') return '不明なブラウザ';
  const { browser, os } = Bowser.parse(userAgent);
  const name = isKnown(browser.name)
    ? [browser.name, browser.version?.split('.')[0]].filter(Boolean).join(' ')
    : parseProductName(userAgent);
  return os.name ? `${name} (${os.name})` : name;
}

/** For an unknown browser Bowser returns the text before the last slash. */
const isKnown = (name = ''): boolean => name !== '' && name !== 'Mozilla' && !name.includes('/');

function parseProductName(userAgent: string): string {
  const [, product, version] = PRODUCT.exec(userAgent) ?? [];
  return product ? `${product} ${version}` : userAgent.slice(0, MAX_TEXT_LENGTH);
}
