import { monthLabel } from '../../models/billing/month-label';
import type { BillingMonth } from '../../models/billing/month';

/** What to tell of a change to these months, which customers have seen as final. */
export const formatPublishedWarning = (months: readonly BillingMonth[]): string =>
  `Published before: ${months.map(monthLabel).join(', ')}. Customers see other charges than those that were final`;
