import * as cheerio from 'cheerio';
import type { Express } from 'express';
import { CookieAccessInfo } from 'cookiejar';
import request from 'supertest';

const HOST = 'portal.example';

/** A visitor: keeps cookies, follows redirects, fills in the forms that the pages really have. */
export class Browser {
  private readonly agent: ReturnType<typeof request.agent>;
  private response!: request.Response;
  $!: cheerio.CheerioAPI;
  /** Of the page that is shown, after all redirects. */
  path = '';

  constructor(app: Express) {
    this.agent = request.agent(app);
  }

  get status(): number {
    return this.response.status;
  }

  get heading(): string {
    return this.$('h1').text();
  }

  /** The words of the page's main part, white space folded. */
  get main(): string {
    return this.$('main').text().replace(/\s+/g, ' ').trim();
  }

  get html(): string {
    return this.response.text;
  }

  getHeader(name: string): string {
    const value: unknown = this.response.headers[name];
    return Array.isArray(value) ? value.join('\n') : typeof value === 'string' ? value : '';
  }

  /** The value of a cookie that the browser keeps; empty where it has none. */
  getCookie(name: string): string {
    return this.agent.jar.getCookie(name, CookieAccessInfo.All)?.value ?? '';
  }

  /** The cells of the page's table, row by row, without its head. */
  get rows(): string[][] {
    return this.$('table tbody tr')
      .toArray()
      .map((row) =>
        this.$(row)
          .children()
          .toArray()
          .map((cell) => this.$(cell).text().replace(/\s+/g, ' ').trim()),
      );
  }

  async visit(path: string): Promise<this> {
    return this.load(path, await this.agent.get(path).set('Host', HOST));
  }

  /** Follows the link with these words, or with this aria-label. */
  async follow(link: string): Promise<this> {
    const anchor = this.$('a').filter(
      (_, element) => this.$(element).text().trim() === link || this.$(element).attr('aria-label') === link,
    );
    const href = anchor.attr('href');
    if (href === undefined) throw new Error(`${this.path} has no link “${link}”`);
    return this.visit(href);
  }

  /** The fields of the form with this button, as they would be sent. */
  getFields(button: string): Record<string, string> {
    const { form } = this.find(button);
    return Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]));
  }

  /** Presses a button of the page: posts its form with the hidden fields and these. */
  async press(button: string, fields: Record<string, string> = {}): Promise<this> {
    const { form, input } = this.find(button);
    const action = form.attr('action') ?? this.path;
    const name = input.attr('name');
    const pressed = name ? { [name]: input.attr('value') ?? '' } : {};
    return this.post(action, { ...this.getFields(button), ...pressed, ...fields });
  }

  /** Posts as another program would: exactly these fields, a list as a field that is there several times. */
  async post(path: string, fields: Record<string, string | string[]>): Promise<this> {
    return this.load(
      path,
      await this.agent.post(path).set({ Host: HOST, Referer: this.referrer }).type('form').send(fields),
    );
  }

  /** Sends a form without looking at the answer's page: for two clicks at once. */
  send(path: string, fields: Record<string, string>): Promise<request.Response> {
    return this.agent.post(path).set('Host', HOST).type('form').send(fields);
  }

  private referrer = '';

  private find(button: string) {
    const input = this.$('input[type=submit]').filter(
      (_, element) => this.$(element).attr('value') === button,
    );
    if (input.length !== 1) throw new Error(`${this.path} has ${input.length} buttons “${button}”`);
    return { input, form: input.closest('form') };
  }

  private async load(path: string, response: request.Response): Promise<this> {
    this.path = path;
    this.response = response;
    const location = response.get('location');
    if (location && response.status < 400) return this.visit(location);
    this.referrer = `http://${HOST}${path}`;
    // A line break parts two words, as on the screen.
    this.$ = cheerio.load(response.text.replaceAll('<br>', '<br> '));
    return this;
  }
}
