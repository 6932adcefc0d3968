import { monthLabel } from '../../models/billing/month-label';
import type { BillingMonth } from '../../models/billing/month';

/** Warns that customers have seen these months, which have changed, as final. */
export const formatPublishedWarning = (months: readonly BillingMonth[]): string =>
  `Published before: ${months.map(monthLabel).join(', ')}. Customers see other charges than those that were final`;
