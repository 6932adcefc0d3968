import type { Request } from 'express';
import {
  findMyPageContract,
  listMyPageContracts,
  type MyPageContract,
} from '../../models/contract/my-page-contract';
import type { BillingMonth } from '../../models/billing/month';
import { type UsageService, listVisibleUsageMonths } from '../../models/contract/service';
import { createNotFoundError } from '../middleware/errors';
import { currentUser } from '../require-login';

/** What the forms of the usage pages offer, and what is chosen. */
export interface UsageChoice {
  contracts: MyPageContract[];
  contract: MyPageContract;
  /** The latest first. */
  months: BillingMonth[];
  month: BillingMonth;
}

/** The contract and month of `?contract=N000000001&month=201104`, the first ones without; 404 for any not offered. */
export async function readUsageChoice(req: Request, service: UsageService): Promise<UsageChoice> {
  const all = await listMyPageContracts(currentUser(req, 'mypage').customer_number);
  const contracts = all.filter(({ services }) => services.includes(service));
  const months = listVisibleUsageMonths(service);
  const contract = pickRequested(contracts, ({ code }) => code, req.query.contract);
  const month = pickRequested(months, String, req.query.month);
  return { contracts, contract, months, month };
}

/** What a field of a form has chosen, the first without it. Another's and an unknown one are alike. */
export function pickRequested<Item>(items: Item[], getName: (item: Item) => string, asked: unknown): Item {
  const item = asked === undefined ? items[0] : items.find((one) => getName(one) === asked);
  if (item === undefined) throw createNotFoundError();
  return item;
}

/** The contract of an address such as …/N000000001; 404 where it is not the member's, or lacks the service. */
export async function getRequestedContract(req: Request, service: UsageService): Promise<MyPageContract> {
  const contract = await findMyPageContract(
    currentUser(req, 'mypage').customer_number,
    String(req.params.contract),
  );
  if (!contract?.services.includes(service)) throw createNotFoundError();
  return contract;
}

/** The month of an address such as …/201104; 404 where the service's is not to be seen. */
export const getRequestedMonth = (req: Request, service: UsageService): BillingMonth =>
  pickRequested(listVisibleUsageMonths(service), String, req.params.month);
