import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endChild } from '../../kit/stop-child';
import { waitFor } from '../../support/eventually';
import { type AnyBrowser, matchesText } from './any-browser';
import { Marionette } from './marionette';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

type FoundElement = Record<typeof ELEMENT, string>;

const LOAD_TIMEOUT_MS = 60_000;
const START_TIMEOUT_MS = 90_000;

const buildEquals = (what: string, words: string) => `normalize-space(${what}) = "${words}"`;
const buildStartsWith = (what: string, words: string) => `starts-with(normalize-space(${what}), "${words}")`;
/** Links for keyboards alone are beside the page, where no mouse comes. */
const buildPressablePath = (matches: typeof buildEquals, words: string) =>
  `//a[not(@class = "skip")][${matches('.', words)}] | //input[@type="submit"][${matches('@value', words)}]`;
const buildLabelledPath = (words: string) => `//input[@id = //label[${buildStartsWith('.', words)}]/@for]`;

/** Firefox without a window, with a profile of its own. */
export class Firefox implements AnyBrowser {
  private readonly profile = mkdtempSync(path.join(tmpdir(), 'meisai-firefox-'));
  private readonly child: ChildProcess;
  private marionette?: Marionette;

  private constructor(script: boolean) {
    const settings = {
      'javascript.enabled': script,
      'marionette.port': 0,
      'intl.accept_languages': 'ja',
      'browser.download.folderList': 2,
      'browser.download.dir': this.profile,
      'browser.download.always_ask_before_handling_new_types': false,
    };
    const lines = Object.entries(settings).map(
      ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`,
    );
    writeFileSync(path.join(this.profile, 'user.js'), lines.join('\n'));
    const env = { ...process.env, HOME: this.profile };
    const args = ['--headless', '--marionette', '--no-remote', '-profile', this.profile, 'about:blank'];
    this.child = spawn('firefox-esr', args, { env, stdio: 'ignore' });
  }

  static async open(url: string, script: boolean): Promise<Firefox> {
    const firefox = new Firefox(script);
    try {
      await firefox.start(url);
    } catch (error) {
      await firefox.close();
      throw error;
    }
    return firefox;
  }

  private async start(url: string): Promise<void> {
    const port = await waitFor(
      () => Number(readFileSync(path.join(this.profile, 'MarionetteActivePort'), 'utf8')),
      START_TIMEOUT_MS,
    );
    this.marionette = await Marionette.connect(port);
    await this.sendCommand('WebDriver:NewSession');
    await this.sendCommand('WebDriver:SetTimeouts', { pageLoad: LOAD_TIMEOUT_MS });
    await this.sendCommand('WebDriver:Navigate', { url });
  }

  waitForText = (words: string | RegExp, limit = LOAD_TIMEOUT_MS) =>
    waitFor(async () => {
      const id = await this.find(['//body']);
      const { value } = (await this.sendCommand('WebDriver:GetElementText', { id })) as { value: string };
      if (!matchesText(value, words)) throw new Error(`no “${words}” on the page:\n${value}`);
      return value;
    }, limit);

  press = (words: string, nth = 0) =>
    this.click([buildPressablePath(buildEquals, words), buildPressablePath(buildStartsWith, words)], nth);

  fill = (label: string, text: string) =>
    waitFor(async () => {
      const id = await this.find([buildLabelledPath(label)]);
      await this.sendCommand('WebDriver:ElementClear', { id });
      await this.sendCommand('WebDriver:ElementSendKeys', { id, text });
    }, LOAD_TIMEOUT_MS);

  choose = (words: string) => this.click([buildLabelledPath(words)]);

  pickAfter = (_current: string, wanted: string) => this.click([`//option[${buildStartsWith('.', wanted)}]`]);

  async reload(): Promise<void> {
    await this.sendCommand('WebDriver:Refresh');
  }

  async save(words: string): Promise<string> {
    const before = readdirSync(this.profile);
    await this.press(words);
    const name = await waitFor(() => {
      const found = readdirSync(this.profile).find((one) => one.endsWith('.csv') && !before.includes(one));
      if (!found) throw new Error('nothing is downloaded');
      return found;
    }, LOAD_TIMEOUT_MS);
    return path.join(this.profile, name);
  }

  async close(): Promise<void> {
    this.marionette?.close();
    await endChild(this.child, 'SIGKILL');
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  /** Finds it once more where the page has gone on between looking and pressing. */
  private click = (where: string[], nth = 0) =>
    waitFor(async () => {
      await this.sendCommand('WebDriver:ElementClick', { id: await this.find(where, nth) });
    }, LOAD_TIMEOUT_MS);

  /** The `nth` element at the first of these XPaths that has so many, once it is there. */
  private find = (where: string[], nth = 0) =>
    waitFor(async () => {
      for (const value of where) {
        const found = (await this.sendCommand('WebDriver:FindElements', {
          using: 'xpath',
          value,
        })) as FoundElement[];
        const id = found[nth]?.[ELEMENT];
        if (id !== undefined) return id;
      }
      throw new Error(`the page has no ${where.join(', no ')}`);
    }, LOAD_TIMEOUT_MS);

  private async sendCommand(name: string, parameters: object = {}): Promise<unknown> {
    if (!this.marionette) throw new Error('Firefox has not started');
    return this.marionette.sendCommand(name, parameters);
  }
}
