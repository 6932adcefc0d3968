/** Of the tables of a page; `bytes` from `<table` to `</table>`. */
export interface TableSize {
  rows: number;
  columns: number;
  bytes: number;
}

export function measureTableSize(html: string): TableSize {
  const tables = html.match(/<table[^]*?<\/table>/g) ?? [];
  const count = (tag: RegExp) => tables.join('').match(tag)?.length ?? 0;
  const rows = count(/<tr[ >]/g);
  return {
    rows,
    columns: Math.round(count(/<t[dh][ >]/g) / rows),
    bytes: Buffer.byteLength(tables.join('')),
  };
}
