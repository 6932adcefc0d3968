import { Router } from 'express';
import { listNumberCharges } from '../../models/charges/number-charges';
import { listMonthLines } from '../../models/charges/monthly-charges';
import { countNumbersOfMonth } from '../../models/contract/numbers-in-month';
import { offsetOf, pagerOf, ROWS_OF_PAGE } from '../pager';
import { signedInCustomer, monthOf, visibleMonths } from './customer';

/** Charges by month, and of a month by telephone number. */
export const chargesRouter = Router();

chargesRouter.get('/', async (req, res) => {
  const { contract_id } = signedInCustomer(req);
  const rows = await listMonthLines(contract_id, visibleMonths(signedInCustomer(req)));
  res.render('selfpage/charges/months', { rows });
});

chargesRouter.get('/:month', async (req, res) => {
  const { contract_id } = signedInCustomer(req);
  const month = monthOf(req);
  const pager = pagerOf(req, await countNumbersOfMonth({ contractId: contract_id, month }));
  const rows = await listNumberCharges(contract_id, month, offsetOf(pager), ROWS_OF_PAGE);
  res.render('selfpage/charges/numbers', { month, rows, pager });
});
