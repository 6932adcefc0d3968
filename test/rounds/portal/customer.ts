import type { Express } from 'express';
import { issueAccount } from '../../../models/account/account';
import { findContractByCode } from '../../../models/contract/contract';
import { Browser } from '../../support/browser';
import { buildRequestedFile } from '../../support/detail-files';
import { openSelfPageBrowser, openVerifiedBrowser } from '../../support/users';
import type { Month } from '../calculator/civil-time';
import type { Encoding } from '../calculator/files';
import type { CallList } from '../calculator/pages';
import type { Contract } from '../calculator/records';

const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The words of a head of a table, which may be broken over lines. */
const join = (text: string): string => text.replace(/\s+/g, '');

/** A customer who reads the pages of one contract, by the words that stand there. */
export class Customer {
  private constructor(
    private readonly browser: Browser,
    private readonly contract: Contract,
    private readonly contractId: number,
  ) {}

  /** Gives the contract a login, and logs in. */
  static async logIn(app: Express, contract: Contract): Promise<Customer> {
    const { code, page } = contract;
    const { id: contractId = 0 } = (await findContractByCode(code)) ?? {};
    const mail = { email: `${code}@example.jp`, contactNumber: '09012345678' };
    const account = await issueAccount(code, page === 'my' ? mail : {});
    const user = { ...account, code, contractId, customerNumber: `C${code}` };
    const browser = await (page === 'my' ? openVerifiedBrowser(app, user) : openSelfPageBrowser(app, user));
    return new Customer(browser, contract, contractId);
  }

  /** S6, the first five columns and the last: its tag 速報 or 確定 is left out. */
  async readMonths(): Promise<string[][]> {
    await this.browser.visit('/selfpage/charges');
    return this.browser.rows.map((cells) => [
      ...cells.slice(0, 5),
      join(cells.at(-1) ?? '').replace(/】.*/, '】'),
    ]);
  }

  /** S7 over all its pages. */
  async readNumbers(month: Month): Promise<NumberTable> {
    const table: NumberTable = { rows: [], links: new Map() };
    await this.readPages(`/selfpage/charges/${month}`, ($) => {
      for (const row of this.browser.rows) {
        const cells = row.filter((cell) => cell !== '表示');
        if (cells[0]?.includes('合計')) table.total = cells.slice(1);
        else if (cells.length > 1) table.rows.push(cells);
      }
      for (const link of $('a[aria-label]').toArray())
        table.links.set($(link).attr('aria-label') ?? '', $(link).attr('href') ?? '');
    });
    return table;
  }

  /** S8 of the whole month. */
  readMonthCalls = (month: Month): Promise<CallList> => this.readCalls(`/selfpage/calls/${month}`);

  /** S8 of a number, as it stands on S7, and a category, such as 国内通話. */
  readNumberCalls({ links }: NumberTable, number: string, category: string): Promise<CallList> {
    const link = links.get(`${number} ${category} 明細を表示`);
    if (link === undefined) throw new Error(`S7 has no link to ${category} of ${number}`);
    return this.readCalls(link);
  }

  /** M7: the tables by their headings, 全番号合計 or a number, each with its rows and the links of these. */
  async readUsage(service: '050' | 'hikari', month: Month): Promise<Map<string, UsageTable>> {
    const tables = new Map<string, UsageTable>();
    await this.readPages(`/mypage/usage/${service}?contract=${this.contract.code}&month=${month}`, ($) => {
      for (const heading of $('h2').toArray()) {
        const [, name] = /^ご利用明細\((.+)\)$/.exec(fold($(heading).text())) ?? [];
        if (name === undefined) continue;
        const table: UsageTable = { rows: [], links: new Map() };
        const body = $(heading).nextAll().find('tbody').first();
        for (const row of body.children('tr').toArray()) {
          const cells = $(row)
            .children()
            .toArray()
            .map((cell) => fold($(cell).text()));
          const [type = '', ...figures] = cells.slice(-4);
          table.rows.push([type, ...figures]);
          table.links.set(type, $(row).find('a').attr('href') ?? '');
        }
        const all = $(heading).nextAll('p').first().find('a').attr('href');
        if (all !== undefined) table.links.set('発信・着信', all);
        tables.set(name, table);
      }
    });
    return tables;
  }

  /** A list of calls over all its pages, each row by the words above its columns. */
  async readCalls(path: string): Promise<CallList> {
    const list: CallList = { count: '', charge: '', rows: [] };
    await this.readPages(path, ($) => {
      const main = fold($('main').text());
      list.count = /全[\d,]+件/.exec(main)?.[0] ?? '';
      list.charge = /ご利用金額合計 ?([\d,.]+円)/.exec(main)?.[1] ?? '';
      const heads = $('table').first().find('thead th').toArray();
      const names = heads.map((cell) => join($(cell).text()).replace(/^(通話先|相手先)電話番号/, '電話番号'));
      for (const cells of this.browser.rows)
        if (cells.length === names.length)
          list.rows.push(Object.fromEntries(cells.map((cell, place) => [names[place] ?? '', cell])));
    });
    return list;
  }

  /** Has a detail file made unless a ready one is offered, and downloads it. */
  async readFile(kind: 'fees' | 'calls', month: Month, encoding: Encoding): Promise<string> {
    await buildRequestedFile(this.contractId, month, kind);
    const owner =
      this.contract.page === 'self' ? '/selfpage/detail-files' : `/mypage/detail-files/${this.contract.code}`;
    const format = encoding === 'utf8' ? '?format=utf8' : '';
    const { status, body } = (await this.browser.download(`${owner}/${kind}/${month}/download${format}`)) as {
      status: number;
      body: Buffer;
    };
    if (status !== 200) return `status ${status}`;
    return new TextDecoder(encoding === 'utf8' ? 'utf-8' : 'shift_jis', { fatal: true }).decode(body);
  }

  /** Reads a page and those behind 次へ. */
  private async readPages(path: string, read: (page: Browser['$']) => void): Promise<void> {
    let next: string | undefined = path;
    while (next !== undefined) {
      const { status, $ } = await this.browser.visit(next);
      if (status !== 200) throw new Error(`${next} answers ${status}`);
      read($);
      next = $('a')
        .filter((_, link) => $(link).text().trim() === '次へ')
        .attr('href');
    }
  }
}

/** The table of S7: its rows without their buttons, where these lead by their labels, and its totals if it has them. */
export interface NumberTable {
  rows: string[][];
  links: Map<string, string>;
  total?: string[];
}

/** A table of M7: its rows from the type on, and where each leads. */
export interface UsageTable {
  rows: string[][];
  links: Map<string, string>;
}
