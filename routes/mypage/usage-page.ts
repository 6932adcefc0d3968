import type { UsageService } from '../../models/contract/service';

/** How the pages speak of a service. */
export interface UsagePage {
  service: UsageService;
  path: string;
  /** 050IP電話 */
  service_name: string;
  /** 050IP電話利用明細 */
  name: string;
  /** What the page shows. */
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
