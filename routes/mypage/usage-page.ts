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

const page = (service: UsageService, place: string, service_name: string, of = service_name): UsagePage => ({
  service,
  path: `/mypage/usage/${place}`,
  service_name,
  name: `${service_name}利用明細`,
  sentence: `${of}の利用明細が確認できます。`,
});

/** In the order of 利用状況照会. */
export const usagePages: UsagePage[] = [
  page('internet', 'internet', 'インターネット接続'),
  page('hikari', 'hikari', 'ひかり電話'),
  {
    ...page('mobile', 'mobile', 'モバイル', 'モバイルのSMSおよび音声通話'),
    note: '※ご利用月の利用明細は、翌月28日よりご確認いただけます。',
  },
  page('ip050', '050', '050IP電話', '050IP電話サービス'),
  page('payon', 'payon', 'ペイオン'),
];

export function usagePageOf(service: UsageService): UsagePage {
  const found = usagePages.find((one) => one.service === service);
  if (!found) throw new Error(`No page for ${service}`);
  return found;
}
