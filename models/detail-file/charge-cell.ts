import type { Cell, Encoding } from './cell';

/**
 * 通話料: yen with two decimals where they fit into six bytes, else one, else none, rounded half up.
 * `c.charge` is in 1/100 yen. The UTF-8 file has the exact amount.
 */
export function chargeCell(encoding: Encoding): Cell {
  return {
    sqlite: { format: '%s', args: encoding === 'utf8' ? exactOnSqlite : rounded(exactOnSqlite) },
    usual: {
      when: 'c.charge BETWEEN 0 AND 99999',
      format: '%d.%02d',
      args: 'c.charge / 100, c.charge % 100',
    },
    postgres: encoding === 'utf8' ? exactOnPostgres : rounded(exactOnPostgres),
    ...(encoding === 'cp932' && { fits: `c.charge BETWEEN ${LEAST_CHARGE} AND ${MOST_CHARGE}` }),
  };
}

const LEAST_CHARGE = -9_999_949;
const MOST_CHARGE = 99_999_949;
const LEAST_EXACT = -9999;
const MOST_EXACT = 99_999;

const HAS_TWO_DECIMALS = `c.charge BETWEEN ${LEAST_EXACT} AND ${MOST_EXACT}`;
const HAS_ONE_DECIMAL = 'c.charge BETWEEN -99994 AND 999994';
const TENTHS_OF_YEN = '((abs(c.charge) + 5) / 10)';
const WHOLE_YEN = '((abs(c.charge) + 50) / 100)';
const MINUS = `CASE WHEN c.charge < 0 THEN '-' ELSE '' END`;

const exactOnSqlite = `printf('%s%d.%02d', ${MINUS}, abs(c.charge) / 100, abs(c.charge) % 100)`;
const exactOnPostgres = `(${MINUS}) || (abs(c.charge) / 100) || '.' || lpad((abs(c.charge) % 100)::text, 2, '0')`;

const rounded = (exact: string): string =>
  `CASE WHEN ${HAS_TWO_DECIMALS} THEN ${exact}
    WHEN ${HAS_ONE_DECIMAL} THEN (${MINUS}) || (${TENTHS_OF_YEN} / 10) || '.' || (${TENTHS_OF_YEN} % 10)
    ELSE (${MINUS}) || ${WHOLE_YEN} END`;

/** Whether all amounts between these two have been written exactly. */
export const areExact = (least: number, most: number): boolean => least >= LEAST_EXACT && most <= MOST_EXACT;

/** 1 for a call whose amount is rounded. */
export const IS_ROUNDED = `CASE WHEN ${HAS_TWO_DECIMALS} THEN 0 ELSE 1 END`;

/** What is written less what is charged, in 1/100 yen. */
export const ROUNDED_DIFFERENCE = `CASE WHEN ${HAS_TWO_DECIMALS} THEN 0 ELSE
  (CASE WHEN c.charge < 0 THEN -1 ELSE 1 END) *
  (CASE WHEN ${HAS_ONE_DECIMAL} THEN ${TENTHS_OF_YEN} * 10 ELSE ${WHOLE_YEN} * 100 END) - c.charge END`;
