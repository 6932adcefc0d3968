import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { config } from '../../config';
import { describeWith } from './support/needs';
import { type AllStates, collectStates } from './states/all-states';

/** All pages at once, on a machine that is busy with other work too. */
const CHECK_TIMEOUT_MS = 300_000;

const vnu = require.resolve('vnu-jar/build/dist/vnu.jar');

let all: AllStates;

beforeAll(async () => {
  all = await collectStates();
});
afterAll(() => all.close());

interface VnuMessage {
  type: string;
  url: string;
  lastLine: number;
  message: string;
}

/** Returns the findings of the Nu checker by the pages' positions in the list. */
function runNuChecker(pages: string[]): string[] {
  const folder = mkdtempSync(path.join(config.DATA_DIR, 'pages-'));
  const files = pages.map((html, index) => {
    const file = path.join(folder, `${index}.html`);
    writeFileSync(file, html);
    return file;
  });
  const { stderr } = spawnSync('java', ['-jar', vnu, '--format', 'json', ...files], {
    encoding: 'utf8',
    maxBuffer: 1e8,
    timeout: CHECK_TIMEOUT_MS,
  });
  const { messages } = JSON.parse(stderr) as { messages: VnuMessage[] };
  return messages.map(({ type, url, lastLine, message }) => {
    const { name } = all.states[Number(path.basename(url, '.html'))] ?? { name: url };
    return `${name}, line ${lastLine}: ${type}: ${message}`;
  });
}

describeWith('java')('the HTML of every page in every state', () => {
  it(
    'passes the Nu checker',
    () => {
      expect(all.states.length).toBeGreaterThan(80);
      expect(runNuChecker(all.states.map(({ html }) => html))).toEqual([]);
    },
    CHECK_TIMEOUT_MS + 30_000,
  );
});
