import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { config, projectRoot } from '../../config';
import { launchChromium, newVisitor } from './support/chromium';
import { describeWith } from './support/needs';
import { type PlainChromium, startPlainChromium } from './support/plain-chromium';
import { type RealPortal, startRealPortal } from './support/real-portal';

// `npm run lighthouse`: four pages, as a telephone would load them, with the scores that they must have.
const LEAST = { performance: 95, accessibility: 100, 'best-practices': 100 };
/** Of so many runs performance is the middle one's, where the first is not good enough: it is a measurement of time. */
const RUNS = 3;

const lighthouse = path.join(projectRoot, 'node_modules', 'lighthouse', 'cli', 'index.js');
const execute = promisify(execFile);

let portal: RealPortal;
let chromium: PlainChromium;
let cookie = '';
const table: Record<string, Scores> = {};

type Scores = Record<keyof typeof LEAST, number>;

/** Of someone whose file is being made, and stays so. */
async function cookieWithFile(): Promise<string> {
  const browser = await launchChromium();
  const { page, context } = await newVisitor(browser, { baseURL: portal.url, width: 800, script: true });
  await page.goto('/');
  await page.getByLabel('セルフID').fill('d123456789');
  await page.getByLabel('セルフパスワード').fill('demo2017');
  await page.getByRole('button', { name: 'ログイン' }).click();
  portal.holdWorker();
  await page.goto('/selfpage/detail-files/calls/201711/request');
  await page.getByRole('button', { name: '明細作成' }).click();
  const cookies = await context.cookies();
  await browser.close();
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

const tableText = () =>
  Object.entries(table)
    .map(
      ([page, scores]) =>
        `${Object.entries(scores)
          .map(([name, score]) => `${name} ${score}`)
          .join('  ')}  ${page}`,
    )
    .join('\n');

async function scoresOf(address: string, headers: Record<string, string>): Promise<Scores> {
  const report = path.join(config.DATA_DIR, 'lighthouse.json');
  const args = [
    portal.url + address,
    ...['--quiet', '--output=json', `--output-path=${report}`, `--port=${chromium.port}`],
    ...[`--extra-headers=${JSON.stringify(headers)}`, `--only-categories=${Object.keys(LEAST).join(',')}`],
  ];
  await execute(process.execPath, [lighthouse, ...args], { timeout: 120_000 });
  const { categories, finalDisplayedUrl } = JSON.parse(readFileSync(report, 'utf8')) as {
    categories: Record<string, { score: number }>;
    finalDisplayedUrl: string;
  };
  expect(finalDisplayedUrl).toBe(portal.url + address);
  const scores = Object.entries(categories).map(([name, { score }]) => [name, Math.round(score * 100)]);
  return Object.fromEntries(scores) as Scores;
}

/** The first run's scores, with the middle one of performance where the first does not reach what it must. */
async function steadyScoresOf(address: string, headers: Record<string, string>): Promise<Scores> {
  const runs = [await scoresOf(address, headers)];
  const [first] = runs as [Scores];
  if (first.performance >= LEAST.performance) return first;
  while (runs.length < RUNS) runs.push(await scoresOf(address, headers));
  const performances = runs.map(({ performance }) => performance).sort((one, other) => one - other);
  return { ...first, performance: performances[Math.floor(RUNS / 2)] ?? 0 };
}

describeWith('chromium')('Lighthouse', () => {
  beforeAll(async () => {
    [portal, chromium] = await Promise.all([startRealPortal(), startPlainChromium()]);
    cookie = await cookieWithFile();
  });
  afterAll(async () => {
    process.stderr.write(`${tableText()}\n`);
    await Promise.all([chromium.close(), portal.stop()]);
  });

  it.each([
    ['/', false],
    ['/selfpage/charges', true],
    ['/selfpage/calls/201711', true],
    ['/selfpage/detail-files/calls/201711?refresh=off', true],
  ])(
    '%s',
    async (address, isSignedIn) => {
      const scores = await steadyScoresOf(address, isSignedIn ? { Cookie: cookie } : {});
      table[address] = scores;
      const low = Object.entries(LEAST).filter(([name, least]) => scores[name as keyof Scores] < least);
      expect(low).toEqual([]);
    },
    480_000,
  );
});
