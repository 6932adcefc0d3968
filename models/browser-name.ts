import Bowser from 'bowser';

/** Chrome 130 (Windows) from the words by which a browser introduces itself. */
export function browserName(userAgent: string): string {
  if (userAgent === '') return '不明なブラウザ';
  const { browser, os } = Bowser.parse(userAgent);
  const name = [browser.name ?? userAgent.slice(0, 30), browser.version?.split('.')[0]]
    .filter(Boolean)
    .join(' ');
  return os.name ? `${name} (${os.name})` : name;
}
