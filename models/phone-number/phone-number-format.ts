import { getHyphens } from './parse-phone-number';

/** 03-1234-5678 from 0312345678 and 24 */
function insertHyphens(digits: string, hyphens: number): string {
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
