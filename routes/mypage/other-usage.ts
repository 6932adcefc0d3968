import type { RequestHandler } from 'express';
import { listUsages, totalUsages, type Usage } from '../../models/billing/usage';
import { offsetOf, pagerOf, ROWS_OF_PAGE } from '../pager';
import { usageChoiceOf } from './usage-choice';
import { usagePageOf } from './usage-page';

/** A month's Internet sessions, or payments (ペイオン). */
export function showUsages(service: Usage['service']): RequestHandler {
  return async (req, res) => {
    const choice = await usageChoiceOf(req, service);
    const selection = { contract_id: choice.contract.id, service, billing_month: choice.month };
    const totals = await totalUsages(selection);
    const pager = pagerOf(req, totals.usages);
    const usages = await listUsages(selection, offsetOf(pager), ROWS_OF_PAGE);
    res.render(`mypage/usage/${service}`, { of: usagePageOf(service), ...choice, totals, pager, usages });
  };
}
