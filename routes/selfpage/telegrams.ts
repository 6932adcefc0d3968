import { Router } from 'express';
import { countTelegrams, listTelegrams } from '../../models/billing/telegram';
import { getOffset, paginate, ROWS_PER_PAGE } from '../pager';
import { currentUser } from '../require-login';
import { getRequestedMonth } from './months';

/** The telegrams of a month. */
export const telegramsRouter = Router();

telegramsRouter.get('/:month', async (req, res) => {
  const { contract_id } = currentUser(req, 'selfpage');
  const month = getRequestedMonth(req);
  const pager = paginate(req, await countTelegrams(contract_id, month));
  const telegrams = await listTelegrams(contract_id, month, getOffset(pager), ROWS_PER_PAGE);
  res.render('selfpage/telegrams/list', { month, telegrams, pager });
});
