import type { BillingMonth } from '../../models/billing/month';
import { buildGroupCalls, type DemoCall, type DemoGroup } from './demo-call';
import { domesticPlaces, internationalPlaces, mobilePlaces } from './destinations';
import { buildQuietUsageMonth } from './my-page-month';
import { createSeededRandom } from './seeded-random';

const hikari = { service: 'hikari', lines: 2 } as const;
const mobile = { service: 'mobile', lines: 1 } as const;

const groups: DemoGroup[] = [
  {
    ...{ ...hikari, type: 'domestic', price: 800, unit: 1800, destinations: domesticPlaces },
    ...{ calls: 40, units: 55, duration: 48_211 },
  },
  {
    ...{ ...hikari, type: 'mobile', price: 1600, unit: 600, destinations: mobilePlaces },
    ...{ calls: 9, units: 20, duration: 8_764 },
  },
  {
    ...{ ...hikari, type: 'domestic', incoming: true, price: 0, unit: 600, destinations: domesticPlaces },
    ...{ calls: 25, units: 50, duration: 21_377 },
  },
  {
    ...{ ...mobile, type: 'domestic', price: 2000, unit: 300, destinations: domesticPlaces },
    ...{ calls: 14, units: 40, duration: 9_802 },
  },
  {
    ...{ ...mobile, type: 'international', price: 3000, unit: 600, destinations: internationalPlaces },
    ...{ calls: 2, units: 6, duration: 2_933 },
  },
  {
    ...{ ...mobile, type: 'sms', price: 300, unit: 2, destinations: mobilePlaces },
    ...{ calls: 31, units: 31, duration: 31 },
  },
];

/** Besides the 050 calls of a quiet month those of ひかり電話 and モバイル, with messages. */
export function buildManyServicesMonth(month: BillingMonth): DemoCall[] {
  const random = createSeededRandom(month + 1);
  return [
    ...buildQuietUsageMonth(month),
    ...groups.flatMap((group) => buildGroupCalls(group, month, random)),
  ];
}
