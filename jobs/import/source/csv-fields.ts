/** How the fields of a file are set apart. */
export interface CsvDialect {
  delimiter: string;
  /** Null where nothing is quoted. */
  quote: string | null;
}

const DEFAULT_DIALECT: CsvDialect = { delimiter: ',', quote: '"' };

/**
 * The fields of one CSV record (RFC 4180). `open` where a quoted field does not end in this text,
 * `malformed` where something follows its closing quote.
 *
 * One record at a time, so that a stray quote spoils its own line: a parser of streams takes all that follows it
 * for one field.
 */
export function splitCsvFields(
  text: string,
  { delimiter, quote }: CsvDialect = DEFAULT_DIALECT,
): string[] | 'open' | 'malformed' {
  if (quote === null || !text.includes(quote)) return text.split(delimiter);
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const isQuoted = text.charAt(at) === quote;
    const end = isQuoted ? findClosingQuote(text, at + 1, quote) : findFieldEnd(text, at, delimiter);
    if (end < 0) return 'open';
    fields.push(isQuoted ? text.slice(at + 1, end).replaceAll(quote + quote, quote) : text.slice(at, end));
    const next = isQuoted ? end + 1 : end;
    if (next === text.length) return fields;
    if (text.charAt(next) !== delimiter) return 'malformed';
    at = next + 1;
  }
}

function findFieldEnd(text: string, from: number, delimiter: string): number {
  const end = text.indexOf(delimiter, from);
  return end < 0 ? text.length : end;
}

function findClosingQuote(text: string, from: number, quote: string): number {
  let at = text.indexOf(quote, from);
  while (at >= 0 && text.charAt(at + 1) === quote) at = text.indexOf(quote, at + 2);
  return at;
}

/** Of some delimiters the one that stands most often outside quotes; the first where none does. */
export function detectDelimiter(line: string, delimiters: readonly string[], quote: string | null): string {
  const bare =
    quote === null
      ? line
      : line
          .split(quote)
          .filter((_, part) => part % 2 === 0)
          .join('');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** A field as it is written: quoted only where it has to be. */
export const formatCsvField = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
