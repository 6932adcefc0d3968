import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

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

/**
 * The same of a number that must be one of Japan, as those of contracts are: a leading 0 that a spreadsheet has taken
 * for nothing comes back.
 */
export function normaliseJapaneseTelephone(text: string): TelephoneInput {
  const input = normaliseTelephone(text);
  const { digits } = input;
  if (digits === undefined || digits.startsWith('0') || digits !== text.normalize('NFKC').trim())
    return input;
  return parsePhoneNumberFromString(`0${digits}`, 'JP')?.isValid() ? { digits: `0${digits}` } : input;
}

/** `0312345678` of `"Front desk" <sip:0312345678@192.0.2.1>` */
const stripName = (text: string): string => /<([^<>]*)>$/.exec(text)?.[1]?.trim() ?? text;

/** `sip:0312345678@192.0.2.1;user=phone`, `(03) 1234-5678` and `#8000`: what remains to be dialled. */
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
 * What follows 00: a domestic number behind a carrier's prefix (0033-03-…) or behind the 0 for an outside line, or a
 * country. Undefined where it is none of these.
 */
function parseAfterZeros(dialled: string): string | undefined {
  const domestic = /^00\d{1,2}(0[1-9]\d{8,9})$/.exec(dialled)?.[1] ?? dialled.slice(1);
  if (parsePhoneNumberFromString(domestic, 'JP')?.isValid()) return domestic;
  const foreign = dialled.slice(2);
  return parsePhoneNumberFromString(`+${foreign}`)?.isPossible() ? foreign : undefined;
}
