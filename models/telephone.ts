import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/**
 * Japanese numbers are stored as digits with their leading 0, others as E.164 without the plus. Where the hyphens
 * stand is one small integer: the lengths of the first two groups (24 is 03-1234-5678), 0 where there are none.
 */
const known = new Map<string, number>();
const MOST_KNOWN = 100_000;
/** Enough of a number to know its groups: the longest area code and one digit of the exchange. */
const TELLING_DIGITS = 7;

/** Where the hyphens of a number stand, by libphonenumber's data; 0 for foreign, short and unknown numbers. */
export function hyphensOf(digits: string): number {
  if (!digits.startsWith('0')) return 0;
  const key = `${digits.length}${digits.slice(0, TELLING_DIGITS)}`;
  let hyphens = known.get(key);
  if (hyphens === undefined) {
    hyphens = lookUpHyphens(digits);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, hyphens);
  }
  return hyphens;
}

function lookUpHyphens(digits: string): number {
  const number = parsePhoneNumberFromString(digits, 'JP');
  const groups = number?.isValid() ? number.formatNational().split('-') : [];
  const [first = '', second = ''] = groups;
  return groups.length === 3 && groups.join('') === digits ? first.length * 10 + second.length : 0;
}

/** 03-1234-5678 from 0312345678 and 24 */
export function withHyphens(digits: string, hyphens: number): string {
  if (hyphens === 0) return digits;
  const first = Math.floor(hyphens / 10);
  const second = first + (hyphens % 10);
  return `${digits.slice(0, first)}-${digits.slice(first, second)}-${digits.slice(second)}`;
}

/** How a stored number is shown. */
export const showTelephone = (digits: string): string => withHyphens(digits, hyphensOf(digits));
