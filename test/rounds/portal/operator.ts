import { db } from '../../../lib/database/db';
import { LAST_DAY } from '../../../models/contract/number-period';
import type { Month } from '../calculator/civil-time';
import type { Stock } from '../calculator/records';
import { features } from '../features';
import type { Action } from '../generator/actions';
import { writeCalls, writeCallTypes, writeContracts, writeNumbers, writeTariff } from '../generator/files';
import type { Outcome } from '../generator/round';
import { runCommand, writeSourceFile } from '../../support/command';

interface ImportJson {
  records: number;
  added: number;
  duplicates: number;
  unanswered: number;
  rejected: number;
  files: { batch?: number }[];
}

const FORMATS = { billing: 'meisai', asterisk: 'asterisk', freeswitch: 'freeswitch' };

/** The operator of the portal, with its commands. */
export class Operator {
  /** The files of the imports, and the portal's ids of their batches. */
  private readonly imports: { args: string[]; batch?: number }[] = [];

  /** Brings in everything but calls. */
  async setUp(stock: Stock): Promise<void> {
    await this.importTable('contracts', writeContracts(stock.contracts));
    await this.importTable('numbers', writeNumbers(stock));
    await this.importTable('call-types', writeCallTypes(stock.types));
    await this.moveNumbers(stock);
    for (const [name, rates] of stock.tariffs)
      await this.importTable('tariff', writeTariff(rates), '--name', name);
  }

  /** Writes the periods of numbers that have a second holder: no command does it yet. */
  private async moveNumbers({ holdings }: Stock): Promise<void> {
    const toDay = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
    for (const { number, contract, firstDay } of holdings) {
      const ended = holdings.find((one) => one.number === number && one.lastDay !== '');
      if (!ended || ended.contract === contract) continue;
      const phone = await db('phone_numbers').where({ number }).first<{ id: number }>('id');
      const holder = await db('contracts').where({ code: contract }).first<{ id: number }>('id');
      const period = { phone_number_id: phone.id, first_day: toDay(firstDay) };
      await db('number_periods')
        .where({ phone_number_id: phone.id })
        .update({ last_day: toDay(ended.lastDay) });
      await db('number_periods').insert({ ...period, contract_id: holder.id, last_day: LAST_DAY });
    }
  }

  async importTable(table: string, content: string, ...args: string[]): Promise<void> {
    await this.run('import', table, await writeSourceFile(content), ...args);
  }

  async perform(action: Action): Promise<Outcome> {
    switch (action.kind) {
      case 'import': {
        const [first] = action.records;
        const format = FORMATS[first?.kind === 'switch' ? first.switch : 'billing'];
        const file = await writeSourceFile(writeCalls(action.records));
        const args = [
          file,
          '--format',
          format,
          '--tariff',
          'base',
          ...(action.replaces ? ['--replace'] : []),
        ];
        return this.importCalls(args);
      }
      case 'import-same-file':
        return this.importAgain(action.batch);
      case 'undo':
        return this.undo(action.batch);
      case 'undo-overlapped': {
        const { status } = await runCommand('batch', 'undo', String(this.imports[action.batch]?.batch));
        return { isRefused: status === 1 };
      }
      case 'rerate':
        return this.rerate(action);
      case 'reclassify':
        await this.importTable('call-types', writeCallTypes([action.type]));
        return {};
    }
  }

  private async importAgain(batch: number): Promise<Outcome> {
    const { args = [] } = this.imports[batch] ?? {};
    if (!features.refusesSameFile) return this.importCalls(args);
    const { status } = await runCommand('import', 'calls', ...args);
    return { ...(await this.importCalls(args, '--again')), isRefused: status === 1 };
  }

  private async importCalls(args: string[], ...options: string[]): Promise<Outcome> {
    const { out } = await this.run('import', 'calls', ...args, ...options, '--json');
    const { records, added, duplicates, unanswered, rejected, files } = JSON.parse(out) as ImportJson;
    this.imports.push({ args, batch: files[0]?.batch });
    return { records, added, alreadyThere: duplicates, unanswered, rejected };
  }

  private async undo(batch: number): Promise<Outcome> {
    const { out } = await this.run('batch', 'undo', String(this.imports[batch]?.batch), '--json');
    const { removed } = JSON.parse(out) as { removed: number };
    return { removed };
  }

  private async rerate({ rerating, rates }: Action & { kind: 'rerate' }): Promise<Outcome> {
    const { month, tariff, withTypes, contract } = rerating;
    await this.importTable('tariff', writeTariff(rates), '--name', tariff);
    const options = [...(withTypes ? ['--types'] : []), ...(contract ? ['--contract', contract] : [])];
    const { out } = await this.run('rerate', String(month), '--tariff', tariff, ...options, '--json');
    const { calls } = JSON.parse(out) as { calls: number };
    return { rated: calls };
  }

  /** The lines of the report, without its heading and with single spaces. */
  async readReport(month: Month): Promise<string[]> {
    const { out } = await this.run('report', String(month));
    const [, ...lines] = out.trim().split('\n');
    return lines.map((line) => line.replace(/ +/g, ' '));
  }

  /** Lines that were rejected are no error here: the outcome counts them. */
  private async run(...args: string[]): Promise<{ out: string }> {
    const { status, out, err } = await runCommand(...args);
    if (status === 1) throw new Error(`meisai ${args.join(' ')}: ${err}`);
    return { out };
  }
}
