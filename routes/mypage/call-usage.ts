import { Router } from 'express';
import { getContractUsage, listNumberUsages } from '../../models/charges/call-usage';
import { listMonthlyCharges } from '../../models/charges/monthly-charges';
import { countNumbersInMonth } from '../../models/contract/numbers-in-month';
import { listUsageDays } from '../../models/charges/daily-usage';
import type { CallService } from '../../models/contract/service';
import { getOffset, paginate, ROWS_PER_PAGE } from '../pager';
import { showCallsOfNumber } from './number-calls';
import { readUsageChoice } from './usage-choice';
import { getUsagePage } from './usage-page';

/** A month's calls of the numbers of one service: in sum, by number, by day, and each of them. */
export function createCallUsageRouter(service: CallService): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const choice = await readUsageChoice(req, service);
    const scope = { contractId: choice.contract.id, month: choice.month, service };
    const pager = paginate(req, await countNumbersInMonth(scope));
    const [usage, numbers, days, [line]] = await Promise.all([
      getContractUsage(scope),
      listNumberUsages(scope, getOffset(pager), ROWS_PER_PAGE),
      listUsageDays(scope),
      listMonthlyCharges(scope.contractId, [scope.month]),
    ]);
    res.render('mypage/usage/calls', {
      of: getUsagePage(service),
      ...choice,
      usage,
      numbers,
      pager,
      days,
      line,
    });
  });

  router.get('/:contract/:month/:numberId/:row', showCallsOfNumber(service));

  return router;
}
