/**
 * The fields of one CSV record (RFC 4180). `open` where a quoted field does not end in this text,
 * `malformed` where something follows its closing quote.
 *
 * One record at a time, so that a stray quote spoils its own line: a parser of streams takes all that follows it
 * for one field.
 */
export function splitCsvFields(text: string): string[] | 'open' | 'malformed' {
  if (!text.includes('"')) return text.split(',');
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const isQuoted = text.charAt(at) === '"';
    const end = isQuoted ? closingQuote(text, at + 1) : endOfField(text, at);
    if (end < 0) return 'open';
    fields.push(isQuoted ? text.slice(at + 1, end).replaceAll('""', '"') : text.slice(at, end));
    const next = isQuoted ? end + 1 : end;
    if (next === text.length) return fields;
    if (text.charAt(next) !== ',') return 'malformed';
    at = next + 1;
  }
}

function endOfField(text: string, from: number): number {
  const comma = text.indexOf(',', from);
  return comma < 0 ? text.length : comma;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charAt(at + 1) === '"') at = text.indexOf('"', at + 2);
  return at;
}

/** A field as it is written: quoted only where it has to be. */
export const csvField = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
