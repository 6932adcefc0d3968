import { Page } from './page';

/** The portal has answered with an error page. */
export class AnswerError extends Error {
  constructor(
    address: string,
    readonly status: number,
  ) {
    super(`${address} answers ${status}`);
  }
}

/** A customer of a portal in another process, by plain HTTP as a proxy would pass it on. (In this process: Browser.) */
export class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(
    /** Base URL of the web server for the next request. */
    public url: string,
    /** Time limit of a page, in ms. */
    private readonly maxPageMs?: number,
  ) {}

  /** Headers for other clients to act as this customer. */
  get headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { cookie, 'x-forwarded-proto': 'https' };
  }

  /** The value of a cookie; empty if there is none. */
  getCookie(name: string): string {
    return this.cookies.get(name) ?? '';
  }

  /** Keeps a cookie that this customer has from before, such as that of a trusted device. */
  keepCookie(name: string, value: string): void {
    this.cookies.set(name, value);
  }

  async logIn(login: string, password: string): Promise<this> {
    await this.get('/');
    await this.post('/selfpage/login', { loginId: login, password });
    return this;
  }

  /** The page that was read last, taken apart when its form is sent. */
  private page = { address: '', html: '' };
  private hiddenFields: Record<string, string> | undefined;
  /** Location header of the last answer; empty if it had none. */
  location = '';

  async get(address: string): Promise<string> {
    return this.ask(address, {});
  }

  /** Sends the form of the page that was read last: with its hidden fields. */
  async post(address: string, fields: Record<string, string> = {}): Promise<string> {
    this.hiddenFields ??= new Page(this.page.address, this.page.html).hiddenFields;
    const body = new URLSearchParams({ ...this.hiddenFields, ...fields });
    return this.ask(address, { method: 'POST', body });
  }

  /** Returns the raw response, whatever its status. */
  async fetch(address: string, options: RequestInit = {}): Promise<Response> {
    const answer = await fetch(new URL(address, this.url), {
      ...options,
      headers: this.headers,
      redirect: 'manual',
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.cookies.set(name, value);
    }
    this.location = answer.headers.get('location') ?? '';
    return answer;
  }

  private async ask(address: string, options: RequestInit): Promise<string> {
    const { maxPageMs: timeoutMs } = this;
    const answer = await this.fetch(address, {
      ...options,
      ...(timeoutMs && { signal: AbortSignal.timeout(timeoutMs) }),
    });
    const text = await answer.text();
    if (answer.status >= 400) throw new AnswerError(address, answer.status);
    if (answer.status < 300) this.keepPage(address, text);
    return text;
  }

  private keepPage(address: string, html: string): void {
    this.page = { address, html };
    this.hiddenFields = undefined;
  }
}
