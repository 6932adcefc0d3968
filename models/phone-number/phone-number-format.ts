import { type MetadataJson, PhoneNumber } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/max/metadata';
import { parseDigits } from '../../lib/values/ascii';

// Japanese numbers are stored as digits with their leading 0, others as E.164 without the plus. Where the hyphens
// stand is one small integer: the lengths of the first two groups (24 is 03-1234-5678), 0 where there are none.

/** Enough of a number to know its groups, for all that libphonenumber knows: the longest area code. */
const SIGNIFICANT_DIGITS = 6;
/**
 * By the length of a number, for each of these first digits: 0 where it is not known yet, else one more than it is.
 * Japanese numbers of other lengths have no groups.
 */
const hyphensCache = new Map([10, 11].map((length) => [length, new Uint8Array(10 ** SIGNIFICANT_DIGITS)]));

/** Where the hyphens of a number stand, by libphonenumber's data; 0 for foreign, short and unknown numbers. */
export function getHyphens(digits: string): number {
  if (!digits.startsWith('0')) return 0;
  const ofLength = hyphensCache.get(digits.length);
  if (!ofLength || digits.startsWith('00')) return 0;
  const key = parseDigits(digits, 0, SIGNIFICANT_DIGITS);
  const hyphens = ofLength[key] ?? 0;
  if (hyphens > 0) return hyphens - 1;
  const found = lookUpHyphens(digits);
  ofLength[key] = found + 1;
  return found;
}

function lookUpHyphens(digits: string): number {
  // To have the library find the country takes longer than all else.
  const number = new PhoneNumber(`+81${digits.slice(1)}`, metadata as unknown as MetadataJson);
  const groups = number.isValid() ? number.formatNational().split('-') : [];
  const [first = '', second = ''] = groups;
  return groups.length === 3 && groups.join('') === digits ? first.length * 10 + second.length : 0;
}

/** 03-1234-5678 from 0312345678 and 24 */
export function insertHyphens(digits: string, hyphens: number): string {
  if (hyphens === 0) return digits;
  const first = Math.floor(hyphens / 10);
  const second = first + (hyphens % 10);
  return `${digits.slice(0, first)}-${digits.slice(first, second)}-${digits.slice(second)}`;
}

/** How a stored number is shown. */
export const formatPhoneNumber = (digits: string): string => insertHyphens(digits, getHyphens(digits));

const MIN_FOREIGN_DIGITS = 7;

/** Whether a stored number is a service or an extension (104, 201): too short for a country and a number. */
export const isShortNumber = (digits: string): boolean =>
  digits.length < MIN_FOREIGN_DIGITS && !digits.startsWith('0');
