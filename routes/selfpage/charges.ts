import { Router } from 'express';
import { listMonthCharges, listNumberCharges } from '../../models/charge';
import { detailFileStatuses } from '../../models/detail-file';
import { countNumbersOfMonth } from '../../models/number-of-month';
import { offsetOf, pagerOf, ROWS_OF_PAGE } from '../pager';
import { customerOf, monthOf, visibleMonths } from './customer';

/** Charges by month, and of a month by telephone number. */
export const chargesRouter = Router();

chargesRouter.get('/', async (req, res) => {
  const { contract_id } = customerOf(req);
  const months = visibleMonths(customerOf(req));
  const [rows, files] = await Promise.all([
    listMonthCharges(contract_id, months),
    detailFileStatuses(contract_id, months),
  ]);
  res.render('selfpage/charges/months', { rows, files });
});

chargesRouter.get('/:month', async (req, res) => {
  const { contract_id } = customerOf(req);
  const month = monthOf(req);
  const pager = pagerOf(req, await countNumbersOfMonth({ contractId: contract_id, month }));
  const rows = await listNumberCharges(contract_id, month, offsetOf(pager), ROWS_OF_PAGE);
  res.render('selfpage/charges/numbers', { month, rows, pager });
});
