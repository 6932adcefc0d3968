import type * as cheerio from 'cheerio';
import type { Express } from 'express';
import { CookieAccessInfo } from 'cookiejar';
import request from 'supertest';
import { Page } from '../kit/page';

const HOST = 'portal.example';

/**
 * A customer of a portal in this process: keeps cookies, follows redirects, fills in the forms that the pages really
 * have. (Of a portal in another process: Visitor.)
 */
export class Browser {
  private readonly agent: ReturnType<typeof request.agent>;
  private response!: request.Response;
  private page!: Page;
  private referrer = '';
  /** Path of the current page, after all redirects. */
  path = '';

  constructor(app: Express) {
    this.agent = request.agent(app);
  }

  get status(): number {
    return this.response.status;
  }

  get html(): string {
    return this.response.text;
  }

  get $(): cheerio.CheerioAPI {
    return this.page.$;
  }

  get heading(): string {
    return this.page.heading;
  }

  get main(): string {
    return this.page.main;
  }

  get rows(): string[][] {
    return this.page.rows;
  }

  getHeader(name: string): string {
    const value: unknown = this.response.headers[name];
    return Array.isArray(value) ? value.join('\n') : typeof value === 'string' ? value : '';
  }

  /** The value of a cookie that the browser keeps; empty where it has none. */
  getCookie(name: string): string {
    return this.agent.jar.getCookie(name, CookieAccessInfo.All)?.value ?? '';
  }

  /** Puts a cookie into the browser, as a thief does. */
  setCookie(name: string, value: string, path = '/'): void {
    this.agent.jar.setCookie(`${name}=${value}; path=${path}`);
  }

  async visit(path: string): Promise<this> {
    return this.load(path, await this.agent.get(path).set('Host', HOST));
  }

  /** Follows the link with these words, or with this aria-label. */
  async follow(link: string): Promise<this> {
    return this.visit(this.page.findLink(link));
  }

  /** The fields of the form with this button, as they would be sent. */
  getFields(button: string): Record<string, string> {
    return this.page.findForm(button).fields;
  }

  /** Presses a button of the page: posts its form with the hidden fields and these. */
  async press(button: string, typed: Record<string, string> = {}): Promise<this> {
    const { action, fields, pressed } = this.page.findForm(button);
    return this.post(action, { ...fields, ...pressed, ...typed });
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

  /** Asks for a file and stays on its page; the body of the answer is a Buffer. */
  download(path: string, headers: Record<string, string> = {}, method: 'get' | 'head' = 'get'): request.Test {
    return this.agent[method](path)
      .set({ Host: HOST, ...headers })
      .buffer(true)
      .parse((stream, done) => {
        const bytes: Buffer[] = [];
        stream.on('data', (some: Buffer) => bytes.push(some));
        stream.on('end', () => done(null, Buffer.concat(bytes)));
      });
  }

  private async load(path: string, response: request.Response): Promise<this> {
    this.path = path;
    this.response = response;
    const location = response.get('location');
    if (location && response.status < 400) return this.visit(location);
    this.referrer = `http://${HOST}${path}`;
    this.page = new Page(path, response.text);
    return this;
  }
}
