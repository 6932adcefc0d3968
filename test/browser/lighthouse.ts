import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { config, projectRoot } from '../../config';
import { launchChromium, newVisitor } from './support/chromium';
import { type RealPortal, startRealPortal } from './support/real-portal';

// `npm run lighthouse`: four pages, as a telephone would load them, with the scores that they must have.
const LEAST = { performance: 95, accessibility: 100, 'best-practices': 100 };

let portal: RealPortal;
let browser: Browser;
let cookie = '';
const table: Record<string, Record<string, number>> = {};

beforeAll(async () => {
  [portal, browser] = await Promise.all([startRealPortal(), launchChromium()]);
  const { page, context, close } = await newVisitor(browser, {
    baseURL: portal.url,
    width: 800,
    script: true,
  });
  await page.goto('/');
  await page.getByLabel('セルフID').fill('d123456789');
  await page.getByLabel('セルフパスワード').fill('demo2017');
  await page.getByRole('button', { name: 'ログイン' }).click();
  portal.holdWorker();
  await page.goto('/selfpage/detail-files/calls/201711/request');
  await page.getByRole('button', { name: '明細作成' }).click();
  cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  await close();
});
afterAll(async () => {
  process.stdout.write(`${tableText()}\n`);
  await Promise.all([browser.close(), portal.stop()]);
});

const tableText = () =>
  Object.entries(table)
    .map(
      ([page, scores]) =>
        `${Object.entries(scores)
          .map(([name, score]) => `${name} ${score}`)
          .join('  ')}  ${page}`,
    )
    .join('\n');

function scoresOf(address: string, headers: Record<string, string>): Record<string, number> {
  const report = path.join(config.DATA_DIR, 'lighthouse.json');
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...[path.join(projectRoot, 'node_modules', 'lighthouse', 'cli', 'index.js'), portal.url + address],
      ...[
        '--quiet',
        '--output=json',
        `--output-path=${report}`,
        `--extra-headers=${JSON.stringify(headers)}`,
      ],
      `--only-categories=${Object.keys(LEAST).join(',')}`,
      '--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage',
    ],
    { encoding: 'utf8', env: { ...process.env, CHROME_PATH: '/usr/bin/chromium' } },
  );
  if (status !== 0) throw new Error(stderr);
  const { categories } = JSON.parse(readFileSync(report, 'utf8')) as {
    categories: Record<string, { score: number }>;
  };
  return Object.fromEntries(
    Object.entries(categories).map(([name, { score }]) => [name, Math.round(score * 100)]),
  );
}

it.each([
  ['/', false],
  ['/selfpage/charges', true],
  ['/selfpage/calls/201711', true],
  ['/selfpage/detail-files/calls/201711?refresh=off', true],
])('%s', (address, isSignedIn) => {
  const scores = scoresOf(address, isSignedIn ? { Cookie: cookie } : {});
  table[address] = scores;
  const low = Object.entries(LEAST).filter(([name, least]) => (scores[name] ?? 0) < least);
  expect(low).toEqual([]);
});
