/** A number as it is stored, or why the text is none. */
export type TelephoneInput = { digits: string; reason?: never } | { digits?: never; reason: string };

const WITHHELD =
  /^(anonymous|unknown|unavailable|private|restricted|withheld|none|null|非通知|通知不可能?|公衆電話|表示圏外|&|-)$/i;
const LONGEST = 20;

/**
 * Reads a telephone number in the notations of people and switches: hyphens, spaces, brackets, full-width digits,
 * +81, 0081, 010 and the country, 184/186 before the number, short codes (104, #8000), a SIP address.
 * National numbers keep their leading 0, foreign ones become E.164 without the plus.
 */
export function normaliseTelephone(text: string): TelephoneInput {
  if (/^0[1-9]\d{8,9}$/.test(text) && !text.startsWith('010')) return { digits: text };
  const plain = text.normalize('NFKC').trim();
  if (plain === '') return { reason: 'no number' };
  if (WITHHELD.test(plain)) return { reason: `${plain}: the number is withheld` };
  const dialled = withoutDecoration(plain).replace(/^18[46](?=[+0]|1\d\d$)/, '');
  if (!/^\+?\d+$/.test(dialled)) return { reason: `${plain}: not a telephone number` };
  const digits = toStoredDigits(dialled);
  return digits.length > LONGEST ? { reason: `${plain}: more than ${LONGEST} digits` } : { digits };
}

/** `sip:0312345678@192.0.2.1;user=phone`, `(03) 1234-5678` and `#8000`: what remains to be dialled. */
function withoutDecoration(text: string): string {
  return text
    .replace(/^(sips?|tel):/i, '')
    .replace(/[@;].*$/, '')
    .replace(/[\s().\-‐‑‒–—―−ー_]/g, '')
    .replace(/^[#*]+(?=\d)/, '')
    .replace(/[#*]+$/, '');
}

function toStoredDigits(dialled: string): string {
  const country = /^(?:\+|(?:00\d{1,2})?010)(\d+)$/.exec(dialled)?.[1];
  const japanese = /^(?:81|0081)(0?[1-9]\d{8,9})$/.exec(country ?? dialled)?.[1];
  if (japanese !== undefined) return japanese.startsWith('0') ? japanese : `0${japanese}`;
  return country ?? dialled;
}
