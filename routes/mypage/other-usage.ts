import type { RequestHandler } from 'express';
import { listUsages, getUsageTotals, type Usage } from '../../models/billing/usage';
import { getOffset, paginate, ROWS_PER_PAGE } from '../pager';
import { readUsageChoice } from './usage-choice';
import { getUsagePage } from './usage-page';

/** A month's Internet sessions, or payments (ペイオン). */
export function showUsages(service: Usage['service']): RequestHandler {
  return async (req, res) => {
    const choice = await readUsageChoice(req, service);
    const selection = { contract_id: choice.contract.id, service, billing_month: choice.month };
    const totals = await getUsageTotals(selection);
    const pager = paginate(req, totals.usages);
    const usages = await listUsages(selection, getOffset(pager), ROWS_PER_PAGE);
    res.render(`mypage/usage/${service}`, { of: getUsagePage(service), ...choice, totals, pager, usages });
  };
}
