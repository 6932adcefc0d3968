import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endChild } from '../../../lib/process/stop-child';
import { eventually } from '../../support/eventually';
import { type AnyBrowser, isRead } from './any-browser';
import { Marionette } from './marionette';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

type Found = Record<typeof ELEMENT, string>;

const LOADS_MS = 60_000;
const STARTS_MS = 90_000;

const is = (what: string, words: string) => `normalize-space(${what}) = "${words}"`;
const begins = (what: string, words: string) => `starts-with(normalize-space(${what}), "${words}")`;
/** Links for keyboards alone are beside the page, where no mouse comes. */
const pressable = (matches: typeof is, words: string) =>
  `//a[not(@class = "skip")][${matches('.', words)}] | //input[@type="submit"][${matches('@value', words)}]`;
const labelled = (words: string) => `//input[@id = //label[${begins('.', words)}]/@for]`;

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
    const port = await eventually(
      () => Number(readFileSync(path.join(this.profile, 'MarionetteActivePort'), 'utf8')),
      STARTS_MS,
    );
    this.marionette = await Marionette.connect(port);
    await this.command('WebDriver:NewSession');
    await this.command('WebDriver:SetTimeouts', { pageLoad: LOADS_MS });
    await this.command('WebDriver:Navigate', { url });
  }

  sees = (words: string | RegExp, limit = LOADS_MS) =>
    eventually(async () => {
      const id = await this.find(['//body']);
      const { value } = (await this.command('WebDriver:GetElementText', { id })) as { value: string };
      if (!isRead(value, words)) throw new Error(`no “${words}” on the page:\n${value}`);
      return value;
    }, limit);

  press = (words: string, nth = 0) => this.click([pressable(is, words), pressable(begins, words)], nth);

  fill = (label: string, text: string) =>
    eventually(async () => {
      const id = await this.find([labelled(label)]);
      await this.command('WebDriver:ElementClear', { id });
      await this.command('WebDriver:ElementSendKeys', { id, text });
    }, LOADS_MS);

  choose = (words: string) => this.click([labelled(words)]);

  pickAfter = (_current: string, wanted: string) => this.click([`//option[${begins('.', wanted)}]`]);

  async reload(): Promise<void> {
    await this.command('WebDriver:Refresh');
  }

  async save(words: string): Promise<string> {
    const before = readdirSync(this.profile);
    await this.press(words);
    const name = await eventually(() => {
      const found = readdirSync(this.profile).find((one) => one.endsWith('.csv') && !before.includes(one));
      if (!found) throw new Error('nothing is downloaded');
      return found;
    }, LOADS_MS);
    return path.join(this.profile, name);
  }

  async close(): Promise<void> {
    this.marionette?.close();
    await endChild(this.child, 'SIGKILL');
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  /** Finds it once more where the page has gone on between looking and pressing. */
  private click = (where: string[], nth = 0) =>
    eventually(async () => {
      await this.command('WebDriver:ElementClick', { id: await this.find(where, nth) });
    }, LOADS_MS);

  /** The `nth` element at the first of these XPaths that has so many, once it is there. */
  private find = (where: string[], nth = 0) =>
    eventually(async () => {
      for (const value of where) {
        const found = (await this.command('WebDriver:FindElements', { using: 'xpath', value })) as Found[];
        const id = found[nth]?.[ELEMENT];
        if (id !== undefined) return id;
      }
      throw new Error(`the page has no ${where.join(', no ')}`);
    }, LOADS_MS);

  private async command(name: string, parameters: object = {}): Promise<unknown> {
    if (!this.marionette) throw new Error('Firefox has not started');
    return this.marionette.command(name, parameters);
  }
}
