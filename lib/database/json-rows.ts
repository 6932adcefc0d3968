import { isPostgres } from './db';

/** The columns of rows that a statement gets as JSON. */
export type JsonRowColumns = Record<string, 'integer' | 'text'>;

/**
 * SQL for rows that come as one binding: their JSON, as JSON.stringify() makes it of objects. So a statement takes some
 * thousand rows at once, where it has room for few bindings and each would cost more.
 */
export function buildJsonRows(columns: JsonRowColumns): string {
  const names = Object.keys(columns);
  if (!isPostgres)
    return `(SELECT ${names.map((name) => `json_extract(value, '$.${name}') AS ${name}`).join(', ')} FROM json_each(?)) AS given`;
  return `json_to_recordset(?::json) AS given (${names.map((name) => `${name} ${columns[name]}`).join(', ')})`;
}
