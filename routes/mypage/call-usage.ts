import { Router } from 'express';
import { contractUsage, listNumberUsages } from '../../models/charges/call-usage';
import { listMonthLines } from '../../models/charges/monthly-charges';
import { countNumbersOfMonth } from '../../models/contract/numbers-in-month';
import { listUsageDays } from '../../models/charges/daily-usage';
import type { CallService } from '../../models/contract/service';
import { offsetOf, pagerOf, ROWS_OF_PAGE } from '../pager';
import { showCallsOfNumber } from './number-calls';
import { usageChoiceOf } from './usage-choice';
import { usagePageOf } from './usage-page';

/** A month's calls of the numbers of one service: in sum, by number, by day, and each of them. */
export function callUsageRouter(service: CallService): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const choice = await usageChoiceOf(req, service);
    const scope = { contractId: choice.contract.id, month: choice.month, service };
    const pager = pagerOf(req, await countNumbersOfMonth(scope));
    const [usage, numbers, days, [line]] = await Promise.all([
      contractUsage(scope),
      listNumberUsages(scope, offsetOf(pager), ROWS_OF_PAGE),
      listUsageDays(scope),
      listMonthLines(scope.contractId, [scope.month]),
    ]);
    res.render('mypage/usage/calls', {
      of: usagePageOf(service),
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
