import { type RequestHandler, Router } from 'express';
import { config } from '../../config';
import { getUsageTotals, listUsages, type Usage } from '../../models/billing/usage';
import type { CallSelection } from '../../models/call/call-filter';
import { USAGE_ROWS } from '../../models/call/call-type';
import { getCallTotals, listCalls } from '../../models/call/list-calls';
import { INCOMING, OUTGOING } from '../../models/call/new-call';
import { getContractUsage, listNumberUsages } from '../../models/charges/call-usage';
import { listUsageDays } from '../../models/charges/daily-usage';
import { listMonthlyCharges } from '../../models/charges/monthly-charges';
import { listMyPageContracts } from '../../models/contract/my-page-contract';
import { countNumbersInMonth, findNumberInMonth } from '../../models/contract/numbers-in-month';
import { type CallService, listVisibleUsageMonths } from '../../models/contract/service';
import { createNotFoundError } from '../middleware/errors';
import { getOffset, paginate, ROWS_PER_PAGE, toRowRange } from '../pager';
import { currentUser } from '../require-login';
import {
  getRequestedContract,
  getRequestedUsageMonth,
  getUsagePage,
  pickRequested,
  readUsageChoice,
  usagePages,
} from './usage-choice';

/** 利用状況照会: the services of a contract, and the usage of each. */
export const usageRouter = Router();

usageRouter.get('/', async (req, res) => {
  const contracts = await listMyPageContracts(currentUser(req, 'mypage').customer_number);
  const none = contracts.length === 0 && req.query.contract === undefined;
  const contract = none ? undefined : pickRequested(contracts, ({ code }) => code, req.query.contract);
  // A mobile month can be seen from the 28th: before that, a portal that shows only one month has none.
  const pages = usagePages.map((page) => ({
    ...page,
    hasMonths: listVisibleUsageMonths(page.service).length > 0,
  }));
  res.render('mypage/usage/show', { contracts, contract, pages });
});

usageRouter.get('/notes', (_req, res) => {
  const { USAGE_MONTHS: months, INCOMING_DISCOUNT_YEN_PER_MINUTE: discount } = config;
  res.render('mypage/usage/notes', { months, discount });
});

/** A month's calls of the numbers of one service: in total, by number and by day. */
const showCallUsage =
  (service: CallService): RequestHandler =>
  async (req, res) => {
    const choice = await readUsageChoice(req, service);
    const scope = { contractId: choice.contract.id, month: choice.month, service };
    const pager = paginate(req, await countNumbersInMonth(scope));
    const [usage, numbers, days, [line]] = await Promise.all([
      getContractUsage(scope),
      listNumberUsages(scope, getOffset(pager), ROWS_PER_PAGE),
      listUsageDays(scope),
      listMonthlyCharges(scope.contractId, [scope.month]),
    ]);
    const page = getUsagePage(service);
    res.render('mypage/usage/calls', { page, ...choice, usage, numbers, pager, days, line });
  };

/** The calls behind a row of a number's table: …/N000000001/201104/12/mobile. */
const showCallsOfNumber =
  (service: CallService): RequestHandler =>
  async (req, res) => {
    const row = String(req.params.row);
    const contract = await getRequestedContract(req, service);
    const month = getRequestedUsageMonth(req, service);
    const scope = { contractId: contract.id, month };
    const number = await findNumberInMonth({ ...scope, service }, String(req.params.numberId));
    if (!number) throw createNotFoundError();
    const selection = { ...scope, ...parseRow(row, number.id) };
    const totals = await getCallTotals(selection);
    const pager = paginate(req, totals.calls);
    const calls = await listCalls(selection, toRowRange(pager));
    const page = getUsagePage(service);
    res.render('mypage/usage/number-calls', { page, contract, month, number, row, totals, pager, calls });
  };

/** `total` is all outgoing calls, `incoming` those of 着割, `all` both. */
function parseRow(row: string, phoneNumberId: number): Pick<CallSelection, 'number' | 'directions'> {
  const usage_row = USAGE_ROWS.find((one) => one === row);
  if (usage_row) return { number: { phoneNumberId, types: { usage_row } } };
  const number = { phoneNumberId, types: {} };
  if (row === 'total') return { number };
  if (row === 'incoming') return { number, directions: [INCOMING] };
  if (row === 'all') return { number, directions: [OUTGOING, INCOMING] };
  throw createNotFoundError();
}

for (const [path, service] of [
  ['/050', 'ip050'],
  ['/hikari', 'hikari'],
  ['/mobile', 'mobile'],
] as const) {
  usageRouter.get(path, showCallUsage(service));
  usageRouter.get(`${path}/:contract/:month/:numberId/:row`, showCallsOfNumber(service));
}

/** A month's Internet sessions, or payments (ペイオン). */
const showUsages =
  (service: Usage['service']): RequestHandler =>
  async (req, res) => {
    const choice = await readUsageChoice(req, service);
    const selection = { contract_id: choice.contract.id, service, billing_month: choice.month };
    const totals = await getUsageTotals(selection);
    const pager = paginate(req, totals.usages);
    const usages = await listUsages(selection, getOffset(pager), ROWS_PER_PAGE);
    res.render(`mypage/usage/${service}`, { page: getUsagePage(service), ...choice, totals, pager, usages });
  };

usageRouter.get('/internet', showUsages('internet'));
usageRouter.get('/payon', showUsages('payon'));
