import path from 'node:path';
import type { BillingMonth } from '../../models/billing/month';
import type { BenchDatabase } from './engine';
import { runShell } from './reference';

/** The result of a file. */
export interface ImportCounts {
  records: number;
  added: number;
  duplicates: number;
  unanswered: number;
  rejected: number;
}

type Query = (month: BillingMonth) => string;

/** The portal's calls from a month on, by all that its pages sum up. Charges in 1/100 yen, durations in 0.1 s. */
const ofPortal: Record<string, Query> = {
  days: (month) => `
    SELECT n.number, c.billing_month, c.direction, t.code, (c.started_at + 324000) / 864000 AS day,
      count(*), sum(CASE WHEN t.counted THEN 0 ELSE c.duration END), sum(c.charge)
    FROM calls c JOIN phone_numbers n ON n.id = c.phone_number_id JOIN call_types t ON t.id = c.call_type_id
    WHERE c.billing_month >= ${month} GROUP BY 1, 2, 3, 4, 5`,
  hours: (month) => `
    SELECT k.code, c.billing_month, c.direction, c.started_at / 36000 AS hour, count(*)
    FROM calls c JOIN contracts k ON k.id = c.contract_id WHERE c.billing_month >= ${month} GROUP BY 1, 2, 3, 4`,
  areas: (month) => `
    SELECT a.name, t.code, count(*) FROM calls c
    JOIN areas a ON a.id = c.area_id JOIN call_types t ON t.id = c.call_type_id
    WHERE c.billing_month >= ${month} GROUP BY 1, 2`,
};

/** The same by the tables of ./by-hand: days and hours are the sums that are kept there. */
const byHand: Record<string, Query> = {
  days: (month) => `
    SELECT n.number, s.billing_month, s.direction, t.code, s.day, s.calls, s.duration, s.charge
    FROM number_days s JOIN numbers n ON n.id = s.number_id JOIN call_types t ON t.id = s.call_type_id
    WHERE s.billing_month >= ${month}`,
  hours: (month) => `
    SELECT k.code, s.billing_month, s.direction, s.hour, s.calls
    FROM contract_hours s JOIN contracts k ON k.id = s.contract_id WHERE s.billing_month >= ${month}`,
  areas: (month) => `
    SELECT a.name, t.code, count(*) FROM calls c
    JOIN areas a ON a.id = c.area_id JOIN call_types t ON t.id = c.call_type_id
    WHERE c.billing_month >= ${month} GROUP BY 1, 2`,
};

/** The sums that are kept by hand besides, where they differ from the finer ones: nothing. */
const CONTRADICTIONS_BY_HAND = `
  SELECT 'number', count(*) FROM (
    SELECT billing_month, number_id, direction, call_type_id, calls, duration, charge FROM number_sums
    EXCEPT SELECT billing_month, number_id, direction, call_type_id, sum(calls), sum(duration), sum(charge)
    FROM number_days GROUP BY 1, 2, 3, 4) AS numbers
  UNION ALL SELECT 'contract', count(*) FROM (
    SELECT billing_month, contract_id, direction, call_type_id, calls, duration, charge FROM contract_sums
    EXCEPT SELECT billing_month, contract_id, direction, call_type_id, sum(calls), sum(duration), sum(charge)
    FROM number_days GROUP BY 1, 2, 3, 4) AS contracts
  UNION ALL SELECT 'calls', count(*) FROM (
    SELECT count(*), sum(duration), sum(charge) FROM calls
    EXCEPT SELECT sum(calls), sum(duration), sum(charge) FROM number_days) AS calls`;

/** The outcome of an import: how many lines of which kind, and a folder with all sums. */
export interface Outcome {
  whose: string;
  counts: ImportCounts;
  folder: string;
}

export interface OutcomePlace {
  whose: string;
  /** The folder of the sums. */
  folder: string;
  /** From which month on. */
  month: BillingMonth;
}

/** @throws Error where the sums of the portal do not agree with its calls */
export async function readPortalOutcome(
  database: BenchDatabase,
  counts: ImportCounts,
  place: OutcomePlace,
): Promise<Outcome> {
  // It fails where they do not agree.
  await database.installation.runCommand('sums', 'check');
  await writeSums(database, ofPortal, place);
  return { ...place, counts };
}

/** @throws Error where the sums that were made by hand contradict each other */
export async function readHandOutcome(database: BenchDatabase, place: OutcomePlace): Promise<Outcome> {
  const contradictions = await database.readLines(CONTRADICTIONS_BY_HAND);
  if (contradictions.some((line) => !line.endsWith('|0')))
    throw new Error(`${place.whose}: the sums contradict each other: ${contradictions.join(', ')}`);
  const [batch = ''] = await database.readLines(
    'SELECT records, added, duplicates, unanswered, rejected FROM batches ORDER BY id DESC LIMIT 1',
  );
  const [records = 0, added = 0, duplicates = 0, unanswered = 0, rejected = 0] = batch.split('|').map(Number);
  await writeSums(database, byHand, place);
  return { ...place, counts: { records, added, duplicates, unanswered, rejected } };
}

async function writeSums(
  database: BenchDatabase,
  queries: Record<string, Query>,
  { folder, month }: OutcomePlace,
): Promise<void> {
  for (const [name, query] of Object.entries(queries))
    await database.writeLines(query(month), path.join(folder, name));
}

/** @throws Error naming where they differ: all counts and sums have to be the same, to 1/100 yen */
export async function checkSameOutcome(one: Outcome, other: Outcome): Promise<void> {
  const [counts, otherCounts] = [one, other].map((outcome) => JSON.stringify(outcome.counts));
  if (counts !== otherCounts) throw new Error(`${one.whose}: ${counts}, but ${other.whose}: ${otherCounts}`);
  const env = { ONE: one.folder, OTHER: other.folder };
  const differences = await runShell('{ diff -r "$ONE" "$OTHER" || true; } | head -n 8', env);
  if (differences !== '') throw new Error(`${one.whose} and ${other.whose} differ:\n${differences}`);
}
