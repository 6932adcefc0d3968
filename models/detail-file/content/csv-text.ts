import { encodeCp932, toCp932Text } from '../../../lib/values/cp932';

/** A finished CSV field, made of a text that came from outside. */
export interface CsvText {
  /** Cut to its length and written with the characters of CP932. */
  cp932: Uint8Array;
  /** Whole, for the UTF-8 file. */
  utf8: Uint8Array;
  /** Characters written as 〓 in `cp932`. */
  replaced: number;
}

// A spreadsheet runs what begins so as a formula (OWASP, CSV injection).
const RUNS_AS_FORMULA = /^[=+\-@\t\r]/;

/** An area's name or a call type's label as the files write it. */
export function toCsvText(text: string, maxBytes?: number): CsvText {
  const trimmed = trimRight(text);
  const safe = RUNS_AS_FORMULA.test(trimmed) ? `'${trimmed}` : trimmed;
  const written = toCp932Text(safe, maxBytes);
  return {
    cp932: encodeCp932(quoteField(trimRight(written.text))),
    utf8: Buffer.from(quoteField(safe)),
    replaced: written.replaced,
  };
}

/** Only half-width spaces: the guide's 「右半角スペースはトリミング」. */
const trimRight = (text: string): string => text.replace(/ +$/, '');

/** RFC 4180 */
const quoteField = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
