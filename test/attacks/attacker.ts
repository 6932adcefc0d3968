import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';

const agent = new Agent({ keepAlive: true, maxSockets: 60 });

export interface Answer {
  status: number;
  retryAfter: string;
  body: string;
  milliseconds: number;
}

interface Sent {
  /** Fields of a form; without them a page is asked for. */
  form?: Record<string, string>;
  /** Value of X-Forwarded-For: the portal must trust the proxy that this program pretends to be. */
  from: string;
}

/** A browser of an attacker or a customer, which keeps its cookies. */
export class Attacker {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly url: string) {}

  send(path: string, { form, from }: Sent): Promise<Answer> {
    const started = Date.now();
    const headers = {
      'x-forwarded-for': from,
      'x-forwarded-proto': 'https',
      cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, this.url), { agent, method: form ? 'POST' : 'GET', headers });
      sent.on('error', reject);
      sent.on('response', (response) => {
        this.keepCookies(response.headers['set-cookie'] ?? []);
        const retryAfter = response.headers['retry-after'] ?? '';
        text(response).then(
          (body) =>
            resolve({
              status: response.statusCode ?? 0,
              retryAfter,
              body,
              milliseconds: Date.now() - started,
            }),
          reject,
        );
      });
      sent.end(form && new URLSearchParams(form).toString());
    });
  }

  /** Reads the login page and sends its form. */
  async logIn(loginId: string, password: string, from: string): Promise<Answer> {
    const page = await this.send('/', { from });
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    return this.send('/selfpage/login', { from, form: { _csrf, loginId, password } });
  }

  private keepCookies(cookies: string[]): void {
    for (const cookie of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/** An IPv4 address for each number up to 16 million: as many client keys. */
export const toAddress = (client: number): string =>
  `10.${(client >> 16) & 255}.${(client >> 8) & 255}.${client & 255}`;

/** The command line that all attacks share. */
export const createAttack = (name: string, description: string): Command =>
  new Command(name)
    .description(`${description} Exit status: 0 if the portal held, 1 if it did not.`)
    .option('--url <address>', 'of the portal, started with TRUST_PROXY=1', 'http://127.0.0.1:3000/')
    .option('--login <login>', 'a Self ID of the portal', 'd123456789')
    .option('--password <password>', 'its password', 'demo2017');

/** Ends the program with what was found. */
export function reportFindings(failures: string[], facts: string): void {
  process.stdout.write(`${facts}\n${failures.map((failure) => `FAILED: ${failure}\n`).join('')}`);
  process.exit(failures.length > 0 ? 1 : 0);
}
