import type { BillingMonth } from '../../models/billing/month';
import { type DemoCall, pickOfficeTime } from './demo-call';
import { domesticPlaces, mobilePlaces } from './destinations';
import { createSeededRandom } from './seeded-random';

export const LARGE_NUMBERS = 1000;
const CALLS = 200_000;

/** One after the other, so that they need not all be in memory. */
export function* generateLargeMonth(month: BillingMonth): Generator<DemoCall> {
  const random = createSeededRandom(month);
  for (let index = 0; index < CALLS; index += 1) {
    const isMobile = random.next() < 0.3;
    const [prefix, rest] = random.pick<readonly [string, number]>(isMobile ? mobilePlaces : domesticPlaces);
    const unit = isMobile ? 600 : 1800;
    const duration = random.pickBetween(10, 4000);
    yield {
      line: index % LARGE_NUMBERS,
      incoming: random.next() < 0.1,
      started_at: pickOfficeTime(month, random),
      duration,
      other_number: prefix + random.pickDigits(rest),
      type: isMobile ? random.pick(['mobile', 'mobile_au']) : 'domestic',
      charge: Math.ceil(duration / unit) * (isMobile ? 1750 : 800),
    };
  }
}
