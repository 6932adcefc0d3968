import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../../support/eventually';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** Firefox, told what to do by its Marionette: `LENGTH:[type, id, command, parameters]` over TCP. */
export class Firefox {
  private readonly profile = mkdtempSync(path.join(tmpdir(), 'meisai-firefox-'));
  private readonly child: ChildProcess;
  private socket!: Socket;
  private received = Buffer.alloc(0);
  private commands = 0;

  private constructor(script: boolean) {
    const settings = {
      'javascript.enabled': script,
      'marionette.port': 0,
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

  static async start(script: boolean): Promise<Firefox> {
    const firefox = new Firefox(script);
    const port = await eventually(
      () => Number(readFileSync(path.join(firefox.profile, 'MarionetteActivePort'), 'utf8')),
      60_000,
    );
    firefox.socket = createConnection(port, '127.0.0.1');
    firefox.socket.on('data', (data: Buffer) => (firefox.received = Buffer.concat([firefox.received, data])));
    await firefox.answer();
    await firefox.command('WebDriver:NewSession', {});
    await firefox.command('WebDriver:SetTimeouts', { implicit: 10_000 });
    return firefox;
  }

  visit = (url: string) => this.command('WebDriver:Navigate', { url });

  async type(selector: string, text: string): Promise<void> {
    await this.command('WebDriver:ElementSendKeys', { id: await this.find('css selector', selector), text });
  }

  async press(button: string): Promise<void> {
    await this.command('WebDriver:ElementClick', {
      id: await this.find('css selector', `input[value="${button}"]`),
    });
  }

  async follow(words: string): Promise<void> {
    await this.command('WebDriver:ElementClick', { id: await this.find('link text', words) });
  }

  /** Waits until the page says so. */
  sees = (words: string) =>
    eventually(async () => {
      const { value } = (await this.command('WebDriver:GetPageSource', {})) as { value: string };
      if (!value.includes(words)) throw new Error(`no “${words}” in ${value}`);
    }, 15_000);

  /** The bytes of the one file with this ending that it has downloaded. */
  downloaded = (ending: string) =>
    eventually(() => {
      const name = readdirSync(this.profile).find((one) => one.endsWith(ending));
      if (!name) throw new Error('nothing downloaded');
      return readFileSync(path.join(this.profile, name));
    });

  async close(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.socket.destroy();
    this.child.kill('SIGKILL');
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  private async find(using: string, value: string): Promise<string> {
    const found = (await this.command('WebDriver:FindElement', { using, value })) as {
      value: Record<typeof ELEMENT, string>;
    };
    return found.value[ELEMENT];
  }

  private async command(name: string, parameters: object): Promise<unknown> {
    this.commands += 1;
    const text = JSON.stringify([0, this.commands, name, parameters]);
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    const [, , error, result] = (await this.answer()) as [number, number, object | null, unknown];
    if (error) throw new Error(`${name}: ${JSON.stringify(error)}`);
    return result;
  }

  private answer = () =>
    eventually(() => {
      const colon = this.received.indexOf(':');
      const length = Number(this.received.subarray(0, Math.max(0, colon)).toString());
      const end = colon + 1 + length;
      if (colon < 0 || this.received.length < end) throw new Error('Firefox does not answer');
      const text = this.received.subarray(colon + 1, end).toString();
      this.received = this.received.subarray(end);
      return JSON.parse(text) as unknown;
    }, 60_000);
}
