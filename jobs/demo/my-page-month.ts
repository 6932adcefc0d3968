import type { BillingMonth } from '../../models/billing/month';
import { buildGroupCalls, type DemoCall, type DemoGroup } from './demo-call';
import { domesticPlaces, ipPlaces, mobilePlaces } from './destinations';
import { createSeededRandom } from './seeded-random';

const LINES = 12;

const general = { type: 'domestic', price: 800, unit: 1800, destinations: domesticPlaces, lines: LINES };
const abroad = { type: 'international', unit: 600, lines: LINES };
const america = { ...abroad, price: 2000, destinations: [['1415555', 4, 'アメリカ合衆国']] as const };
const thailand = { ...abroad, price: 4500, destinations: [['662123', 5, 'タイ']] as const };
const mobile = { type: 'mobile', price: 1600, unit: 600, destinations: mobilePlaces, lines: LINES };
const ip = { type: 'ip', price: 0, unit: 1800, destinations: ipPlaces, lines: LINES };
const phs = { type: 'phs', price: 1000, unit: 300, destinations: [['0701234', 4]] as const, lines: LINES };
const received = { ...general, incoming: true, price: 0, unit: 600 };

/** The guide's table of the my page; durations in 0.1 s. */
const guideGroups: DemoGroup[] = [
  // 28:49:53.5 and 10,240 yen
  { ...general, calls: 1096, units: 1280, duration: 1_037_935 },
  // Together 600 calls of 55:01:00.0 and 96,870 yen
  { ...america, calls: 440, units: 2607, duration: 1_432_200 },
  { ...thailand, calls: 160, units: 994, duration: 548_400 },
  // 4:40:45.0 and 7,680 yen
  { ...mobile, calls: 330, units: 480, duration: 168_450 },
  // 10:27:15.0, free
  { ...ip, calls: 480, units: 600, duration: 376_350 },
  // 10:55:30.0 and 15,300 yen
  { ...phs, calls: 510, units: 1530, duration: 393_300 },
  // 39:07:43.0
  { ...received, calls: 3016, units: 3900, duration: 1_408_630 },
];

const quietGroups: DemoGroup[] = [
  { ...general, calls: 96, units: 118, duration: 98_765 },
  { ...america, calls: 12, units: 40, duration: 20_113 },
  { ...mobile, calls: 40, units: 61, duration: 24_680 },
  { ...ip, calls: 25, units: 30, duration: 27_001 },
  { ...phs, calls: 8, units: 20, duration: 5102 },
  { ...received, calls: 150, units: 200, duration: 71_234 },
];

const createMonthMaker =
  (groups: DemoGroup[]) =>
  (month: BillingMonth): DemoCall[] => {
    const random = createSeededRandom(month);
    return groups.flatMap((group) => buildGroupCalls(group, month, random));
  };

/** 1096, 600, 330, 480 and 510 calls of 130,090 yen, and 3016 incoming calls. */
export const buildGuideUsageMonth = createMonthMaker(guideGroups);

export const buildQuietUsageMonth = createMonthMaker(quietGroups);
