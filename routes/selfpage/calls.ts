import { type Request, type Response, Router } from 'express';
import { listCalls, totalCalls } from '../../models/call/list-calls';
import type { CallSelection } from '../../models/call/call-filter';
import { parseCategory } from '../../models/charges/number-charges';
import { findNumberOfMonth } from '../../models/contract/numbers-in-month';
import { notFound } from '../middleware/errors';
import { pagerOf, rowsOf } from '../pager';
import { signedInCustomer, monthOf } from './customer';

/** Call details: of a month, and of a number and category in it. */
export const callsRouter = Router();

callsRouter.get('/:month', async (req, res) => {
  await showCalls(req, res, { contractId: signedInCustomer(req).contract_id, month: monthOf(req) });
});

callsRouter.get('/:month/:numberId/:category', async (req, res) => {
  const { contract_id } = signedInCustomer(req);
  const month = monthOf(req);
  const category = parseCategory(req.params.category);
  const number = await findNumberOfMonth({ contractId: contract_id, month }, req.params.numberId);
  if (!category || !number) throw notFound();
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
  const totals = await totalCalls(selection);
  const pager = pagerOf(req, totals.calls);
  const calls = await listCalls(selection, rowsOf(pager));
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
