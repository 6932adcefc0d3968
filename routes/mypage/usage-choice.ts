import type { Request } from 'express';
import type { BillingMonth } from '../../models/billing/month';
import {
  findMyPageContract,
  listMyPageContracts,
  type MyPageContract,
} from '../../models/contract/my-page-contract';
import { listVisibleUsageMonths, type UsageService } from '../../models/contract/service';
import { createNotFoundError } from '../middleware/errors';
import { currentUser } from '../require-login';

/** The address and words of a service's page. */
export interface UsagePage {
  service: UsageService;
  path: string;
  /** 050IP電話 */
  service_name: string;
  /** 050IP電話利用明細 */
  name: string;
  /** A sentence about what the page shows. */
  sentence: string;
  note?: string;
}

const createUsagePage = (
  service: UsageService,
  slug: string,
  service_name: string,
  subject = service_name,
): UsagePage => ({
  service,
  path: `/mypage/usage/${slug}`,
  service_name,
  name: `${service_name}利用明細`,
  sentence: `${subject}の利用明細が確認できます。`,
});

/** In the order of 利用状況照会. */
export const usagePages: UsagePage[] = [
  createUsagePage('internet', 'internet', 'インターネット接続'),
  createUsagePage('hikari', 'hikari', 'ひかり電話'),
  {
    ...createUsagePage('mobile', 'mobile', 'モバイル', 'モバイルのSMSおよび音声通話'),
    note: '※ご利用月の利用明細は、翌月28日よりご確認いただけます。',
  },
  createUsagePage('ip050', '050', '050IP電話', '050IP電話サービス'),
  createUsagePage('payon', 'payon', 'ペイオン'),
];

export function getUsagePage(service: UsageService): UsagePage {
  const found = usagePages.find((one) => one.service === service);
  if (!found) throw new Error(`No page for ${service}`);
  return found;
}

/** The options of a usage page's form, and the chosen ones. */
export interface UsageChoice {
  contracts: MyPageContract[];
  contract: MyPageContract;
  /** The latest first. */
  months: BillingMonth[];
  month: BillingMonth;
}

/** The contract and month of `?contract=N000000001&month=201104`, by default the first ones; 404 for any not offered. */
export async function readUsageChoice(req: Request, service: UsageService): Promise<UsageChoice> {
  const all = await listMyPageContracts(currentUser(req, 'mypage').customer_number);
  const contracts = all.filter(({ services }) => services.includes(service));
  const months = listVisibleUsageMonths(service);
  const contract = pickRequested(contracts, ({ code }) => code, req.query.contract);
  const month = pickRequested(months, String, req.query.month);
  return { contracts, contract, months, month };
}

/** The item that a form field asks for, by default the first; 404 for another's as for an unknown one. */
export function pickRequested<Item>(items: Item[], getName: (item: Item) => string, asked: unknown): Item {
  const item = asked === undefined ? items[0] : items.find((one) => getName(one) === asked);
  if (item === undefined) throw createNotFoundError();
  return item;
}

/** The contract of an address such as …/N000000001; 404 if it is not the customer's, or lacks the service. */
export async function getRequestedContract(req: Request, service: UsageService): Promise<MyPageContract> {
  const { customer_number } = currentUser(req, 'mypage');
  const contract = await findMyPageContract(customer_number, String(req.params.contract));
  if (!contract?.services.includes(service)) throw createNotFoundError();
  return contract;
}

/** The month of an address such as …/201104; 404 if it cannot be seen for this service. */
export const getRequestedUsageMonth = (req: Request, service: UsageService): BillingMonth =>
  pickRequested(listVisibleUsageMonths(service), String, req.params.month);
