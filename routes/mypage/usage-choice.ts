import type { Request } from 'express';
import {
  findMemberContract,
  listMemberContracts,
  type MemberContract,
} from '../../models/contract/my-page-contract';
import type { BillingMonth } from '../../models/billing/month';
import { type UsageService, visibleUsageMonths } from '../../models/contract/service';
import { notFound } from '../middleware/errors';
import { memberOf } from './member';

/** What the forms of the usage pages offer, and what is chosen. */
export interface UsageChoice {
  contracts: MemberContract[];
  contract: MemberContract;
  /** The latest first. */
  months: BillingMonth[];
  month: BillingMonth;
}

/** The contract and month of `?contract=N000000001&month=201104`, the first ones without; 404 for any not offered. */
export async function usageChoiceOf(req: Request, service: UsageService): Promise<UsageChoice> {
  const all = await listMemberContracts(memberOf(req).customer_number);
  const contracts = all.filter(({ services }) => services.includes(service));
  const months = visibleUsageMonths(service);
  const contract = chosen(contracts, ({ code }) => code, req.query.contract);
  const month = chosen(months, String, req.query.month);
  return { contracts, contract, months, month };
}

/** What a field of a form has chosen, the first without it. Another's and an unknown one are alike. */
export function chosen<Item>(items: Item[], nameOf: (item: Item) => string, asked: unknown): Item {
  const item = asked === undefined ? items[0] : items.find((one) => nameOf(one) === asked);
  if (item === undefined) throw notFound();
  return item;
}

/** The contract of an address such as …/N000000001; 404 where it is not the member's, or lacks the service. */
export async function memberContractOf(req: Request, service: UsageService): Promise<MemberContract> {
  const contract = await findMemberContract(memberOf(req).customer_number, String(req.params.contract));
  if (!contract?.services.includes(service)) throw notFound();
  return contract;
}

/** The month of an address such as …/201104; 404 where the service's is not to be seen. */
export const usageMonthOf = (req: Request, service: UsageService): BillingMonth =>
  chosen(visibleUsageMonths(service), String, req.params.month);
