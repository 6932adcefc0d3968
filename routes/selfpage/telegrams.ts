import { Router } from 'express';
import { countTelegrams, listTelegrams } from '../../models/billing/telegram';
import { offsetOf, pagerOf, ROWS_OF_PAGE } from '../pager';
import { signedInCustomer, monthOf } from './customer';

/** The telegrams of a month. */
export const telegramsRouter = Router();

telegramsRouter.get('/:month', async (req, res) => {
  const { contract_id } = signedInCustomer(req);
  const month = monthOf(req);
  const pager = pagerOf(req, await countTelegrams(contract_id, month));
  const telegrams = await listTelegrams(contract_id, month, offsetOf(pager), ROWS_OF_PAGE);
  res.render('selfpage/telegrams/list', { month, telegrams, pager });
});
