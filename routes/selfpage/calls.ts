import { type Request, type Response, Router } from 'express';
import { listCalls, getCallTotals } from '../../models/call/list-calls';
import type { CallSelection } from '../../models/call/call-filter';
import { parseCategory } from '../../models/charges/number-charges';
import { findNumberInMonth } from '../../models/contract/numbers-in-month';
import { createNotFoundError } from '../middleware/errors';
import { paginate, toRowRange } from '../pager';
import { currentUser } from '../require-login';
import { getRequestedMonth } from './months';

/** Call details: of a month, and of a number and category in it. */
export const callsRouter = Router();

callsRouter.get('/:month', async (req, res) => {
  await showCalls(req, res, {
    contractId: currentUser(req, 'selfpage').contract_id,
    month: getRequestedMonth(req),
  });
});

callsRouter.get('/:month/:numberId/:category', async (req, res) => {
  const { contract_id } = currentUser(req, 'selfpage');
  const month = getRequestedMonth(req);
  const category = parseCategory(req.params.category);
  const number = await findNumberInMonth({ contractId: contract_id, month }, req.params.numberId);
  if (!category || !number) throw createNotFoundError();
  const selection = {
    contractId: contract_id,
    month,
    number: { phoneNumberId: number.id, types: { category } },
  };
  await showCalls(req, res, selection, { category, number: number.number });
});

async function showCalls(
  req: Request,
  res: Response,
  selection: CallSelection,
  of: object = {},
): Promise<void> {
  const totals = await getCallTotals(selection);
  const pager = paginate(req, totals.calls);
  const calls = await listCalls(selection, toRowRange(pager));
  res.render('selfpage/calls/list', {
    number: '',
    category: '',
    ...of,
    month: selection.month,
    totals,
    pager,
    calls,
  });
}
