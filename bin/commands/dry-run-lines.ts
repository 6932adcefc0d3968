import { labels } from '../../models/call/labels';
import { INTERNAL, OUTGOING } from '../../models/call/new-call';
import { getBillingMonth } from '../../models/billing/month';
import { formatPhoneNumber } from '../../models/phone-number/phone-number-format';
import { callDuration, callStart, yenExact } from '../../lib/values/format';
import type { CallImportResult } from '../../jobs/import/import-calls';

/** The first calls and rejects of a dry run, a line each; nothing for a real run. */
export function formatDryRun({ format, calls, rejects }: CallImportResult): string[] {
  if (!calls) return [];
  const shown = calls.map((call) => {
    const { started_at, duration, call_type, other_number } = call;
    return [
      String(getBillingMonth(started_at, duration, Boolean(call_type.counted))),
      formatPhoneNumber(call.number ?? ''),
      call.direction === OUTGOING ? labels.outgoing : labels.incoming,
      callStart(started_at),
      other_number === '' ? labels.withheld : formatPhoneNumber(other_number),
      call.area || '－',
      call.line_class === INTERNAL ? labels.internal : labels.external,
      call_type.label,
      call_type.counted ? labels.counted : callDuration(duration),
      yenExact(call.charge),
    ].join('  ');
  });
  const refused = (rejects ?? []).map(({ line, reason }) => `line ${line} rejected: ${reason}`);
  return [`Dry run, format ${format}: nothing is changed`, ...shown, ...refused];
}
