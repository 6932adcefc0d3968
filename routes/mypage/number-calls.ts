import type { RequestHandler } from 'express';
import { listCalls, totalCalls } from '../../models/call/list-calls';
import { INCOMING, OUTGOING } from '../../models/call/new-call';
import type { CallSelection } from '../../models/call/call-filter';
import { USAGE_ROWS } from '../../models/call/call-type';
import { findNumberOfMonth } from '../../models/contract/numbers-in-month';
import type { CallService } from '../../models/contract/service';
import { notFound } from '../middleware/errors';
import { pagerOf, rowsOf } from '../pager';
import { memberContractOf, usageMonthOf } from './usage-choice';
import { usagePageOf } from './usage-page';

/** The calls of a row of a number's table: …/N000000001/201104/12/mobile. */
export function showCallsOfNumber(service: CallService): RequestHandler {
  return async (req, res) => {
    const row = String(req.params.row);
    const contract = await memberContractOf(req, service);
    const month = usageMonthOf(req, service);
    const scope = { contractId: contract.id, month };
    const number = await findNumberOfMonth({ ...scope, service }, String(req.params.numberId));
    if (!number) throw notFound();
    const selection = { ...scope, ...callsOfRow(row, number.id) };
    const totals = await totalCalls(selection);
    const pager = pagerOf(req, totals.calls);
    const calls = await listCalls(selection, rowsOf(pager));
    res.render('mypage/usage/number-calls', {
      of: usagePageOf(service),
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
function callsOfRow(row: string, phoneNumberId: number): Pick<CallSelection, 'number' | 'directions'> {
  const usage_row = USAGE_ROWS.find((one) => one === row);
  if (usage_row) return { number: { phoneNumberId, types: { usage_row } } };
  const number = { phoneNumberId, types: {} };
  if (row === 'total') return { number };
  if (row === 'incoming') return { number, directions: [INCOMING] };
  if (row === 'all') return { number, directions: [OUTGOING, INCOMING] };
  throw notFound();
}
