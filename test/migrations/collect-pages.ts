import pLimit from 'p-limit';
import type { FixtureLogin } from '../fixtures/databases/logins';
import { Page } from '../kit/page';
import { Visitor } from '../kit/visitor';
import type { Texts } from './record';

/** What changes something or leads out of the pages, and the same page once more. */
const PASSED_BY = /\/(download|request|log(in|out)|password|verification)\b|[?&]refresh=off/;

const CUSTOMERS_AT_ONCE = 3;

/** The main part of every page that these customers reach by links and choices, by login and address. */
export async function collectPages(url: string, logins: FixtureLogin[]): Promise<Texts> {
  const limit = pLimit(CUSTOMERS_AT_ONCE);
  const collected = await Promise.all(logins.map((login) => limit(() => collectPagesOf(url, login))));
  return Object.assign({}, ...collected) as Texts;
}

async function collectPagesOf(url: string, login: FixtureLogin): Promise<Texts> {
  const visitor = await logIn(url, login);
  const [area, start] = login.device ? ['/mypage', '/mypage'] : ['/selfpage', '/selfpage/contract'];
  const pages: Texts = {};
  // A set gives what is added while it is walked through.
  const addresses = new Set([start]);
  for (const address of addresses) {
    const html = await visitor.get(address);
    pages[`${login.login} ${address}`] = visitor.location || readMainPart(html);
    for (const next of listAddresses(address, html)) if (next.startsWith(area)) addresses.add(next);
  }
  return pages;
}

async function logIn(url: string, { login, password, device }: FixtureLogin): Promise<Visitor> {
  const visitor = new Visitor(url);
  if (!device) return visitor.logIn(login, password);
  visitor.keepCookie('meisai_device', device);
  await visitor.get('/mypage/login');
  await visitor.post('/mypage/login', { loginId: login, password });
  // A trusted device needs no code.
  await visitor.get('/mypage/verification');
  return visitor;
}

/** Title and main part, a tag a line, without what no two sessions have in common: tokens, and their times. */
function readMainPart(html: string): string {
  const [, title = ''] = /<title>([^<]*)<\/title>/.exec(html) ?? [];
  const [, main = ''] = /<main[^>]*>([\s\S]*)<\/main>/.exec(html) ?? [];
  return `${title}\n${main}`
    .replace(/>\s*</g, '>\n<')
    .replace(/(name="(?:_csrf|submission)" value=")[^"]*/g, '$1')
    .replace(/2017年12月05日 \d\d時\d\d分/g, 'now');
}

/** Where the page's links and choices lead. */
function listAddresses(address: string, html: string): string[] {
  const links = [...html.matchAll(/<a [^>]*href="([^"#]+)/g)].map(([, href = '']) =>
    href.replaceAll('&amp;', '&'),
  );
  const choices = html.includes('method="get"') ? listChoices(new Page(address, html)) : [];
  return [...links, ...choices].filter((one) => !PASSED_BY.test(one));
}

/** The addresses that a form of choices leads to: `/mypage/usage/050?contract=N000000001&month=201710`. */
function listChoices({ $ }: Page): string[] {
  return $('form[method=get]')
    .toArray()
    .flatMap((form) => {
      let queries = [''];
      for (const select of $(form).find('select').toArray()) {
        const options = $(select).find('option').toArray();
        const values = options.map((option) => $(option).attr('value') ?? $(option).text());
        const name = $(select).attr('name') ?? '';
        queries = queries.flatMap((query) => values.map((value) => `${query}&${name}=${value}`));
      }
      return queries.map((query) => `${$(form).attr('action')}?${query.slice(1)}`);
    });
}
