import { Router } from 'express';
import { listNumberCharges } from '../../models/charges/number-charges';
import { listMonthlyCharges } from '../../models/charges/monthly-charges';
import { countNumbersInMonth } from '../../models/contract/numbers-in-month';
import { getOffset, paginate, ROWS_PER_PAGE } from '../pager';
import { currentUser, getRequestedMonth, listVisibleMonths } from './customer';

/** Charges by month, and of a month by telephone number. */
export const chargesRouter = Router();

chargesRouter.get('/', async (req, res) => {
  const { contract_id } = currentUser(req);
  const rows = await listMonthlyCharges(contract_id, listVisibleMonths(currentUser(req)));
  res.render('selfpage/charges/months', { rows });
});

chargesRouter.get('/:month', async (req, res) => {
  const { contract_id } = currentUser(req);
  const month = getRequestedMonth(req);
  const pager = paginate(req, await countNumbersInMonth({ contractId: contract_id, month }));
  const rows = await listNumberCharges(contract_id, month, getOffset(pager), ROWS_PER_PAGE);
  res.render('selfpage/charges/numbers', { month, rows, pager });
});
