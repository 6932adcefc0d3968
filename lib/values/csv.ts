/** A field as it is written into a CSV file (RFC 4180): quoted only if it has to be. */
export const formatCsvField = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
