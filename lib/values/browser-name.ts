import Bowser from 'bowser';

/** A product and its version: w3m/0.5.3, NetSurf/3.10, Links (2.28; …) */
const PRODUCT = /(?:^|[\s(])(?!Mozilla)([A-Za-z][\w.-]*)(?:\/| \()(\d+(?:\.\d+)?)/;
const MAX_TEXT_LENGTH = 30;

/** Chrome 130 (Windows) from the words by which a browser introduces itself; w3m 0.5, as it calls itself, of others. */
export function formatBrowserName(userAgent: string): string {
  if (userAgent === '') return '不明なブラウザ';
  const { browser, os } = Bowser.parse(userAgent);
  const name = isKnown(browser.name)
    ? [browser.name, browser.version?.split('.')[0]].filter(Boolean).join(' ')
    : parseProductName(userAgent);
  return os.name ? `${name} (${os.name})` : name;
}

/** Where Bowser knows none, it gives whatever stands before the last slash. */
const isKnown = (name = ''): boolean => name !== '' && name !== 'Mozilla' && !name.includes('/');

function parseProductName(userAgent: string): string {
  const [, product, version] = PRODUCT.exec(userAgent) ?? [];
  return product ? `${product} ${version}` : userAgent.slice(0, MAX_TEXT_LENGTH);
}
