/** Whether a stored row has these values already. SQLite gives 0 or 1 for booleans. */
export const hasSameValues = <Row extends object>(stored: Row, values: Partial<Row>): boolean =>
  (Object.keys(values) as (keyof Row)[]).every((name) => toPlain(stored[name]) === toPlain(values[name]));

const toPlain = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : (value ?? null));
