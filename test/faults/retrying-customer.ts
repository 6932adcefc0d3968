import { setTimeout as delay } from 'node:timers/promises';
import { AnswerError, Visitor } from '../kit/visitor';

const TIMEOUT_MS = 60_000;
const PAUSE_MS = 100;
/** Even an outage is reported sooner: a page waits at most 10 s, for an import into SQLite. */
const MAX_PAGE_MS = 15_000;
/** Status codes that an outage excuses: unavailable, or the form of a lost session. */
const TEMPORARY = new Set([503, 403]);

/** A visitor that retries while the portal reports an outage, and logs in again when the session is lost. */
export class RetryingCustomer {
  /** How often the portal has answered 503. */
  refusals = 0;
  private visitor: Visitor | undefined;

  constructor(
    private readonly url: string,
    private readonly login: string,
    private readonly password: string,
  ) {}

  /**
   * Visits pages in order, and starts over at the first when one of them is unavailable.
   *
   * @throws AnswerError for an answer that no fault excuses
   */
  async visit<Result>(pages: (visitor: Visitor) => Promise<Result>): Promise<Result> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      try {
        this.visitor ??= await new Visitor(this.url, MAX_PAGE_MS).logIn(this.login, this.password);
        const result = await pages(this.visitor);
        if (!isLogin(this.visitor.location)) return result;
        this.visitor = undefined;
      } catch (error) {
        if (!(error instanceof AnswerError) || !TEMPORARY.has(error.status)) throw error;
        if (error.status === 403) this.visitor = undefined;
        else this.refusals += 1;
        if (Date.now() > deadline) throw error;
      }
      await delay(PAUSE_MS);
    }
  }
}

const isLogin = (location: string): boolean => location === '/' || location.includes('/login');
