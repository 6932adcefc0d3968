import type { RequestHandler } from 'express';
import { listCalls, getCallTotals } from '../../models/call/list-calls';
import { INCOMING, OUTGOING } from '../../models/call/new-call';
import type { CallSelection } from '../../models/call/call-filter';
import { USAGE_ROWS } from '../../models/call/call-type';
import { findNumberInMonth } from '../../models/contract/numbers-in-month';
import type { CallService } from '../../models/contract/service';
import { createNotFoundError } from '../middleware/errors';
import { paginate, toRowRange } from '../pager';
import { getRequestedContract, getRequestedMonth } from './usage-choice';
import { getUsagePage } from './usage-page';

/** The calls of a row of a number's table: …/N000000001/201104/12/mobile. */
export function showCallsOfNumber(service: CallService): RequestHandler {
  return async (req, res) => {
    const row = String(req.params.row);
    const contract = await getRequestedContract(req, service);
    const month = getRequestedMonth(req, service);
    const scope = { contractId: contract.id, month };
    const number = await findNumberInMonth({ ...scope, service }, String(req.params.numberId));
    if (!number) throw createNotFoundError();
    const selection = { ...scope, ...parseRow(row, number.id) };
    const totals = await getCallTotals(selection);
    const pager = paginate(req, totals.calls);
    const calls = await listCalls(selection, toRowRange(pager));
    res.render('mypage/usage/number-calls', {
      of: getUsagePage(service),
      contract,
      month,
      number,
      row,
      totals,
      pager,
      calls,
    });
  };
}

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
