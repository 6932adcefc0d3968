import { z } from 'zod';
import { normaliseJapaneseTelephone } from '../../../models/phone-number/parse-phone-number';

// Rules for the fields of our own CSV files. A message says what is allowed.

export const requiredText = z.string().min(1, 'empty');

/** A contract code or customer number: it also becomes a login and part of file names. */
export const codeText = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, 'letters, digits, - and _ only');

export const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, 'a whole number')
  .transform(Number);

/** YYYY-MM-DD, or with slashes and without zeros as spreadsheets write it (2017/11/5); a real day. */
export const dateText = z
  .string()
  .transform((text) => text.replaceAll('/', '-').replace(/-(?=\d(-|$))/g, '-0'))
  .pipe(z.iso.date('a date such as 2017-11-05'));

/** A number of a contract. */
export const telephoneText = z.string().transform((text, context) => {
  const { digits, reason } = normaliseJapaneseTelephone(text);
  if (digits !== undefined) return digits;
  context.addIssue(reason);
  return z.NEVER;
});

/** Yen with two decimals at most, as 1/100 yen. */
export const yenText = z.string().transform((text, context) => {
  const sen = parseYen(text);
  if (typeof sen === 'number') return sen;
  context.addIssue(sen);
  return z.NEVER;
});

/** Exact 1/100 yen from `8`, `8.5`, `8.00` or `8.000`; a text says what is wrong. */
export function parseYen(text: string): number | string {
  const parts = /^(\d{1,10})(?:\.(\d{1,2})0*)?$/.exec(text);
  if (parts) return Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'));
  if (/^-\d/.test(text)) return 'negative';
  return /^\d+\.\d+$/.test(text) ? 'finer than 1/100 yen' : 'not an amount in yen';
}

/** Exact 0.1 s from `66`, `66.0` or `66.50`; a text says what is wrong. */
export function parseSeconds(text: string): number | string {
  const parts = /^(\d{1,9})(?:\.(\d)0*)?$/.exec(text);
  if (parts) return Number(parts[1]) * 10 + Number(parts[2] ?? 0);
  if (/^-\d/.test(text)) return 'negative';
  return /^\d+\.\d+$/.test(text) ? 'finer than 0.1 s' : 'not a number of seconds';
}
