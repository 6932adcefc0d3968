import { Router } from 'express';
import { config } from '../../config';
import { listMyPageContracts } from '../../models/contract/my-page-contract';
import { listVisibleUsageMonths } from '../../models/contract/service';
import { createCallUsageRouter } from './call-usage';
import { currentUser } from '../require-login';
import { showUsages } from './other-usage';
import { pickRequested } from './usage-choice';
import { usagePages } from './usage-page';

/** 利用状況照会: the services of a contract, and the usage of each. */
export const usageRouter = Router();

usageRouter.get('/', async (req, res) => {
  const contracts = await listMyPageContracts(currentUser(req, 'mypage').customer_number);
  const none = contracts.length === 0 && req.query.contract === undefined;
  const contract = none ? undefined : pickRequested(contracts, ({ code }) => code, req.query.contract);
  // Before the 28th a mobile month is not to be seen: where only one month is shown, there may be none.
  const pages = usagePages.map((page) => ({
    ...page,
    hasMonths: listVisibleUsageMonths(page.service).length > 0,
  }));
  res.render('mypage/usage/show', { contracts, contract, pages });
});

usageRouter.get('/notes', (_req, res) => {
  const { USAGE_MONTHS: months, INCOMING_DISCOUNT: discount } = config;
  res.render('mypage/usage/notes', { months, discount });
});

usageRouter.use('/050', createCallUsageRouter('ip050'));
usageRouter.use('/hikari', createCallUsageRouter('hikari'));
usageRouter.use('/mobile', createCallUsageRouter('mobile'));
usageRouter.get('/internet', showUsages('internet'));
usageRouter.get('/payon', showUsages('payon'));
