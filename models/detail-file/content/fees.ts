import { OUTGOING } from '../../call/new-call';
import { queryRows, type Queryable } from '../../../lib/database/db';
import { yenDecimal } from '../../../lib/values/format';
import type { BillingMonth } from '../../billing/month';
import type { FeesColumn } from '../../call/call-type';
import { buildHeaderLine, FEES_FILE_COLUMNS } from './columns';
import { createTally, type FileContent, type Lines, UnwritableLineError } from './line-writer';
import { type FileNumber, listFileNumbers } from './numbers';

const CHUNK_SIZE = 1000;

/** The sums of a number's outgoing calls by column, in 1/100 yen. */
type Fees = Partial<Record<FeesColumn, number>>;

/** 電話番号別ご利用料金 of a contract and month: a line for each number, even without calls. */
export async function buildFeesContent(
  snapshot: Queryable,
  contractId: number,
  month: BillingMonth,
): Promise<FileContent> {
  const numbers = await listFileNumbers(snapshot, contractId, month);
  const fees = await readFeesByNumber(snapshot, contractId, month);
  return {
    header: buildHeaderLine(FEES_FILE_COLUMNS),
    rows: numbers.length,
    lines: generateFeesLines(numbers, fees),
  };
}

async function readFeesByNumber(
  snapshot: Queryable,
  contractId: number,
  month: BillingMonth,
): Promise<Map<number, Fees>> {
  const rows = await queryRows<{ phone_number_id: number; fees_column: FeesColumn; charge: number }>(
    snapshot,
    `SELECT s.phone_number_id, t.fees_column, sum(s.charge) AS charge
    FROM number_sums s JOIN call_types t ON t.id = s.call_type_id
    WHERE s.contract_id = ? AND s.billing_month = ? AND s.direction = ${OUTGOING}
    GROUP BY s.phone_number_id, t.fees_column`,
    [contractId, month],
  );
  const fees = new Map<number, Fees>();
  for (const { phone_number_id: id, fees_column, charge } of rows)
    fees.set(id, { ...fees.get(id), [fees_column]: charge });
  return fees;
}

// eslint-disable-next-line @typescript-eslint/require-await -- written block by block, like the other kind
async function* generateFeesLines(numbers: FileNumber[], fees: Map<number, Fees>): AsyncGenerator<Lines> {
  for (let start = 0; start < numbers.length; start += CHUNK_SIZE) {
    const some = numbers.slice(start, start + CHUNK_SIZE);
    // Digits, hyphens and dots are the same bytes in both encodings.
    const text = Buffer.from(
      some.map((number) => formatFeesLine(number, fees.get(number.id) ?? {})).join(''),
    );
    yield { ...createTally(), rows: some.length, cp932: text, utf8: text };
  }
}

function formatFeesLine(number: FileNumber, fees: Fees): string {
  const cells = FEES_FILE_COLUMNS.slice(1).map(({ sums, bytes }) => {
    const cell = yenDecimal(sums.reduce((sum, column) => sum + (fees[column] ?? 0), 0));
    if (cell.length > bytes)
      throw new UnwritableLineError(`a sum of ${cell} yen has more than ${bytes} bytes`, 'too_large_amount');
    return cell;
  });
  return `${[number.cell, ...cells].join()}\r\n`;
}
