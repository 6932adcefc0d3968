import { type BillingMonth, getMonthStart } from '../../models/billing/month';
import { TENTHS_OF_DAY } from '../../lib/values/jst';
import { buildGroupCalls, type DemoCall, type DemoGroup, pickOfficeTime } from './demo-call';
import { domesticPlaces, internationalPlaces, ipPlaces, mobilePlaces } from './destinations';
import { createSeededRandom, type SeededRandom } from './seeded-random';

/** The guide's seven calls: day, time, seconds, other number, type, area. Each cost 8.00 yen. */
const guideCalls = [
  [1, '20:12:21.5', 66.0, '0312340001', 'domestic', '東京'],
  [1, '20:16:00.5', 11.5, '0312340002', 'domestic', '東京'],
  [1, '20:16:24.5', 9.5, '0312340002', 'domestic', '東京'],
  [1, '20:18:11.0', 2.0, '0312340003', 'domestic', '東京'],
  [4, '13:46:04.5', 10.0, '05012340004', 'ip', 'IP電話'],
  [4, '13:52:22.0', 33.2, '05012340004', 'ip', 'IP電話'],
  [4, '14:22:56.5', 15.5, '0312340005', 'domestic', '東京'],
] as const;

const mobile = { price: 1750, unit: 600, destinations: mobilePlaces, lines: 1 };
const landline = { price: 800, unit: 1800, lines: 3 };

/** 107 units of 17.5 yen: the guide's 1,872.50 yen of mobile calls. */
const guideGroups: DemoGroup[] = [
  { ...mobile, type: 'mobile_au', calls: 11, units: 48, duration: 25_430 },
  { ...mobile, type: 'mobile', calls: 14, units: 59, duration: 31_215 },
];

const incoming: DemoGroup = {
  ...{ type: 'domestic', incoming: true, price: 0, unit: 600, destinations: domesticPlaces, lines: 3 },
  ...{ calls: 30, units: 60, duration: 27_003 },
};

/** The month of the guide: domestic 56.00, mobile 1,872.50, total 1,928.50 yen, all by one number. */
export function buildGuideMonth(month: BillingMonth): DemoCall[] {
  const random = createSeededRandom(month);
  const calls = guideCalls.map(([day, time, seconds, other_number, type, area]) => ({
    started_at: getMonthStart(month) + (day - 1) * TENTHS_OF_DAY + parseTimeOfDay(time),
    duration: Math.round(seconds * 10),
    ...{ other_number, type, area, charge: 800 },
  }));
  return [...calls, ...[...guideGroups, incoming].flatMap((group) => buildGroupCalls(group, month, random))];
}

/** 0.1 s since midnight of 20:12:21.5 */
function parseTimeOfDay(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return hours * 36_000 + minutes * 600 + Math.round(seconds * 10);
}

/** Another month: something of everything. */
export function buildVariedMonth(month: BillingMonth): DemoCall[] {
  const random = createSeededRandom(month);
  const size = random.pickBetween(6, 14);
  const groups: DemoGroup[] = [
    { ...landline, destinations: domesticPlaces, type: 'domestic', ...buildTotals(size * 4, 2, 1800) },
    { ...landline, destinations: ipPlaces, type: 'ip', ...buildTotals(size, 1.5, 1800) },
    { ...mobile, lines: 3, type: 'mobile_au', ...buildTotals(size, 3, 600) },
    { ...mobile, lines: 3, type: 'mobile', ...buildTotals(size * 2, 3, 600) },
    {
      ...mobile,
      price: 3000,
      lines: 1,
      type: 'international',
      destinations: internationalPlaces,
      ...buildTotals(8, 5, 600),
    },
    incoming,
  ];
  const calls = groups.flatMap((group) => buildGroupCalls(group, month, random));
  return [...calls, ...buildSpecialCalls(month, random)];
}

/** Totals of `calls` calls with `unitsEach` units each, the last unit of each half used. */
const buildTotals = (calls: number, unitsEach: number, unit: number) => {
  const units = Math.round(calls * unitsEach);
  return { calls, units, unit, duration: (units - calls) * unit + Math.floor((calls * unit) / 2) };
};

/** One call of each unusual kind: counted, special, free, and longer than an hour. */
function buildSpecialCalls(month: BillingMonth, random: SeededRandom): DemoCall[] {
  const kinds = [
    { type: 'directory', other_number: '104', area: '番号案内', duration: 0, charge: 6000 },
    { type: 'special', other_number: '0570012345', area: '', duration: 1432, charge: 1000 },
    { type: 'free', other_number: '0120000000', area: 'フリーコール', duration: 985, charge: 0 },
    { type: 'domestic', other_number: '0312340009', area: '東京', duration: 44_217, charge: 20_000 },
  ];
  return kinds.map((kind) => ({ ...kind, started_at: pickOfficeTime(month, random) }));
}
