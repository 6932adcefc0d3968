import { hash } from 'node:crypto';
import { config } from '../../config';
import { listCallTypes } from '../../models/call/call-type';
import { now } from '../../lib/values/clock';
import { findContractByCode, hasContracts } from '../../models/contract/contract';
import { findMonthsWithCalls } from '../../models/contract/contract-month';
import { CallImport } from '../../models/call/call-import';
import type { NewCall } from '../../models/call/new-call';
import { type BillingMonth, listPastMonths } from '../../models/billing/month';
import { listPhoneNumbers } from '../../models/contract/phone-number';
import { publishMonth } from '../../models/call/published-month';
import { CALL_SERVICES } from '../../models/contract/service';
import { CommandError } from '../../lib/process/operator-error';
import { CallTypeList } from '../import/calls/call-parts';
import { issueDemoAccounts } from './demo-accounts';
import { type DemoCall, toNewCall } from './demo-call';
import { saveDemoContracts } from './demo-contracts';
import { saveDemoInvoices } from './demo-invoices';
import { saveDemoTelegrams } from './demo-telegrams';
import { saveDemoUsages } from './demo-usages';
import { LARGE_NUMBERS, generateLargeMonth } from './large-month';
import { buildGuideUsageMonth, buildQuietUsageMonth } from './my-page-month';
import { buildManyServicesMonth } from './many-services-month';
import { buildGuideMonth, buildVariedMonth } from './self-page-month';

export { listDemoAccounts } from './demo-accounts';

type MonthMaker = (month: BillingMonth) => Iterable<DemoCall>;

/** The contracts' months, the newest first. */
const plans: { code: string; months: MonthMaker[] }[] = [
  { code: 'd123456789', months: [buildGuideMonth, buildVariedMonth, buildVariedMonth, buildVariedMonth] },
  { code: 'N000000001', months: [buildGuideUsageMonth, ...repeat(buildQuietUsageMonth, 5)] },
  { code: 'N000000002', months: repeat(buildManyServicesMonth, 3) },
];

const largePlan = { code: 'd900000001', months: [generateLargeMonth] };

function repeat(maker: MonthMaker, times: number): MonthMaker[] {
  return Array.from({ length: times }, () => maker);
}

/**
 * Loads the demonstration customers, whose newest month is the last one by the clock. A month that has calls already
 * stays as it is, so that it may run again. Returns how many calls were added.
 *
 * @throws CommandError in production
 */
export async function loadDemo({ large = false }: { large?: boolean } = {}): Promise<number> {
  if (config.isProduction) throw new CommandError('The demonstration customers are refused in production');
  await saveDemoContracts(large);
  const added = await loadCalls(large ? [...plans, largePlan] : plans);
  await addTelegrams('d123456789', 4);
  await saveDemoUsages('N000000001');
  await saveDemoInvoices('N000000001');
  await publishDemoMonths();
  await issueDemoAccounts([...plans, ...(large ? [largePlan] : [])].map(({ code }) => code));
  return added;
}

/** All but the newest are final: both words are to be seen. */
async function publishDemoMonths(): Promise<void> {
  const maxMonths = Math.max(...plans.map(({ months }) => months.length));
  for (const month of listPastMonths(now(), maxMonths).slice(1)) await publishMonth(month, 'demo');
}

/** Loads the demonstration if there is no contract at all, as on a first start. */
export async function loadDemoIfEmpty(): Promise<void> {
  if (!(await hasContracts())) await loadDemo();
}

async function loadCalls(loading: typeof plans): Promise<number> {
  const types = new CallTypeList(await listCallTypes());
  const calls = await CallImport.open();
  try {
    let records = 0;
    for (const { code, months } of loading) records += await addContract(calls, code, months, types);
    const { added } = await calls.merge({
      ...{ file_name: 'demo', format: 'demo', imported_by: 'demo', imported_at: now() },
      sha256: hash('sha256', 'demo'),
      ...{ records, unanswered: 0, rejected: 0 },
    });
    return added;
  } finally {
    await calls.close();
  }
}

async function addContract(
  calls: CallImport,
  code: string,
  makers: MonthMaker[],
  types: CallTypeList,
): Promise<number> {
  const contract = await findContractByCode(code);
  if (!contract) return 0;
  const numbers = await listContractNumbers(contract.id);
  const numbersByService = Object.fromEntries(
    CALL_SERVICES.map((service) => [service, numbers.filter((number) => number.service === service)]),
  );
  const months = listPastMonths(now(), makers.length);
  const present = await findMonthsWithCalls(contract.id, months);
  let records = 0;
  for (const [index, maker] of makers.entries()) {
    const month = months[index] ?? 0;
    if (present.has(month)) continue;
    records += await addInBlocks(calls, maker(month), (call, place) =>
      toNewCall(call, `${code} ${month} ${place}`, numbersByService, types),
    );
  }
  return records;
}

const BLOCK = 500;

/** Adds calls some hundred at a time: the large month has a million, too many to hold in memory. */
async function addInBlocks(
  importer: CallImport,
  calls: Iterable<DemoCall>,
  toCall: (call: DemoCall, place: number) => NewCall,
): Promise<number> {
  let added = 0;
  let block: NewCall[] = [];
  const flush = async () => {
    await importer.addAll(block);
    added += block.length;
    block = [];
  };
  for (const call of calls) {
    block.push(toCall(call, added + block.length + 1));
    if (block.length === BLOCK) await flush();
  }
  await flush();
  return added;
}

/** Adds telegrams to the older months, as the guide has them. */
async function addTelegrams(code: string, months: number): Promise<void> {
  const contract = await findContractByCode(code);
  const [line] = contract ? await listContractNumbers(contract.id) : [];
  if (line) for (const month of listPastMonths(now(), months).slice(2)) await saveDemoTelegrams(line, month);
}

const listContractNumbers = async (contractId: number) => [
  ...(await listPhoneNumbers(contractId, 'free_call', 0, LARGE_NUMBERS)),
  ...(await listPhoneNumbers(contractId, 'contract', 0, LARGE_NUMBERS)),
];
