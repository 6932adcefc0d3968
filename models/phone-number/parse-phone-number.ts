import { type MetadataJson, PhoneNumber } from 'libphonenumber-js/core';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';

// Japanese numbers are stored as digits with their leading 0, others as E.164 without the plus.

/** A number as it is stored, or why the text is none. */
export type TelephoneInput = { digits: string; reason?: never } | { digits?: never; reason: string };

const WITHHELD =
  /^(anonymous|unknown|unavailable|private|restricted|withheld|none|null|非通知|通知不可能?|公衆電話|表示圏外|&|-|0+)$/i;
const MAX_DIGITS = 20;

/**
 * Reads a telephone number in the notations of people and switches: hyphens, spaces, brackets, full-width digits,
 * +81, 0081, 00 or 010 and the country, 184/186 or a carrier before the number, short codes (104, #8000), a SIP address.
 * National numbers keep their leading 0, foreign ones become E.164 without the plus.
 */
export function normaliseTelephone(text: string): TelephoneInput {
  if (/^0(?!10)[1-9]\d{8,9}$/.test(text)) return { digits: text };
  const plain = stripName(text.normalize('NFKC').trim());
  if (plain === '') return { reason: 'no number' };
  if (WITHHELD.test(plain)) return { reason: `${plain}: the number is withheld` };
  const dialled = stripDecoration(plain).replace(/^18[46](?=[+0]|1\d\d$)/, '');
  if (!/^\+?\d+$/.test(dialled)) return { reason: `${plain}: not a telephone number` };
  const digits = toStoredDigits(dialled);
  if (digits === undefined) return { reason: `${plain}: begins with 00, but leads to no country` };
  return digits.length > MAX_DIGITS ? { reason: `${plain}: more than ${MAX_DIGITS} digits` } : { digits };
}

/** Reads a number that must be Japanese, as those of contracts are: the leading 0 that spreadsheets drop is restored. */
export function normaliseJapaneseTelephone(text: string): TelephoneInput {
  const input = normaliseTelephone(text);
  const { digits } = input;
  if (digits === undefined || digits.startsWith('0') || digits !== text.normalize('NFKC').trim())
    return input;
  return parsePhoneNumberFromString(`0${digits}`, 'JP')?.isValid() ? { digits: `0${digits}` } : input;
}

/** `0312345678` from `"Front desk" <sip:0312345678@192.0.2.1>` */
const stripName = (text: string): string => /<([^<>]*)>$/.exec(text)?.[1]?.trim() ?? text;

/** The dialled characters of `sip:0312345678@192.0.2.1;user=phone`, `(03) 1234-5678` or `#8000`. */
function stripDecoration(text: string): string {
  return text
    .replace(/^(sips?|tel):/i, '')
    .replace(/[@;].*$/, '')
    .replace(/[\s().\-‐‑‒–—―−ー_・\p{Cf}]/gu, '')
    .replace(/^[#*]+(?=\d)/, '')
    .replace(/[#*]+$/, '');
}

function toStoredDigits(dialled: string): string | undefined {
  const country = /^(?:\+|(?:00\d{1,2})?010)(\d+)$/.exec(dialled)?.[1];
  const japanese = /^(?:81|0081)(0?[1-9]\d{8,9})$/.exec(country ?? dialled)?.[1];
  if (japanese !== undefined) return japanese.startsWith('0') ? japanese : `0${japanese}`;
  if (country !== undefined) return country;
  return dialled.startsWith('00') ? parseAfterZeros(dialled) : dialled;
}

/**
 * Reads what follows 00: a domestic number behind a carrier's prefix (0033-03-…) or behind the 0 for an outside line,
 * or a country. Undefined if it is none of these.
 */
function parseAfterZeros(dialled: string): string | undefined {
  const domestic = /^00\d{1,2}(0[1-9]\d{8,9})$/.exec(dialled)?.[1] ?? dialled.slice(1);
  if (parsePhoneNumberFromString(domestic, 'JP')?.isValid()) return domestic;
  const foreign = dialled.slice(2);
  return parsePhoneNumberFromString(`+${foreign}`)?.isPossible() ? foreign : undefined;
}

/** The digits after the leading 0 that decide the groups of any number that libphonenumber knows: the longest area code. */
const SIGNIFICANT_DIGITS = 5;
/**
 * Hyphens by the length of a number and these digits: 0 if not looked up yet, else one more than the value. Japanese
 * numbers of other lengths have no groups.
 */
const hyphensCache = new Map([10, 11].map((length) => [length, new Uint8Array(10 ** SIGNIFICANT_DIGITS)]));

/**
 * The places of a stored number's hyphens by libphonenumber's data, as one small integer: the lengths of the first two
 * groups (24 is 03-1234-5678). 0 for foreign, short and unknown numbers.
 */
export function getHyphens(digits: string): number {
  if (!digits.startsWith('0')) return 0;
  const ofLength = hyphensCache.get(digits.length);
  if (!ofLength || digits.startsWith('00')) return 0;
  const key = Number(digits.slice(1, 1 + SIGNIFICANT_DIGITS));
  const hyphens = ofLength[key] ?? 0;
  if (hyphens > 0) return hyphens - 1;
  const found = lookUpHyphens(digits);
  ofLength[key] = found + 1;
  return found;
}

/** The same for digits that are bytes of a block, from one offset to before another. */
export function getHyphensOfBytes(bytes: Uint8Array, start: number, end: number): number {
  const ofLength = hyphensCache.get(end - start);
  if (!ofLength || bytes[start] !== ZERO || bytes[start + 1] === ZERO) return 0;
  let key = 0;
  for (let at = start + 1; at <= start + SIGNIFICANT_DIGITS; at += 1)
    key = key * 10 + (bytes[at] ?? 0) - ZERO;
  const hyphens = ofLength[key] ?? 0;
  return hyphens > 0 ? hyphens - 1 : getHyphens(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
}

const ZERO = 0x30;

function lookUpHyphens(digits: string): number {
  // Letting the library find the country would take longer than everything else.
  const number = new PhoneNumber(`+81${digits.slice(1)}`, metadata as unknown as MetadataJson);
  const groups = number.isValid() ? number.formatNational().split('-') : [];
  const [first = '', second = ''] = groups;
  return groups.length === 3 && groups.join('') === digits ? first.length * 10 + second.length : 0;
}
