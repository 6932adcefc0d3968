import { Router } from 'express';
import { listNumberCharges } from '../../models/charges/number-charges';
import { listMonthlyCharges } from '../../models/charges/monthly-charges';
import { countNumbersInMonth } from '../../models/contract/numbers-in-month';
import { getOffset, paginate, ROWS_PER_PAGE } from '../pager';
import { currentUser } from '../require-login';
import { getRequestedMonth, listVisibleMonths } from './months';

/** Charges by month, and of a month by telephone number. */
export const chargesRouter = Router();

chargesRouter.get('/', async (req, res) => {
  const { contract_id } = currentUser(req, 'selfpage');
  const rows = await listMonthlyCharges(contract_id, listVisibleMonths(currentUser(req, 'selfpage')));
  res.render('selfpage/charges/months', { rows });
});

chargesRouter.get('/:month', async (req, res) => {
  const { contract_id } = currentUser(req, 'selfpage');
  const month = getRequestedMonth(req);
  const pager = paginate(req, await countNumbersInMonth({ contractId: contract_id, month }));
  const rows = await listNumberCharges(contract_id, month, getOffset(pager), ROWS_PER_PAGE);
  res.render('selfpage/charges/numbers', { month, rows, pager });
});
