import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type BillingMonth, addMonths, getMonthStart } from '../../models/billing/month';
import { createSeededRandom } from '../../jobs/demo/seeded-random';

const COLUMNS =
  'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge';

/** [first digits, digits that follow, area, call type, yen for three minutes] */
const destinations = [
  ['03', 8, '東京', 'domestic', 8],
  ['06', 8, '大阪', 'domestic', 8],
  ['045', 7, '横浜', 'domestic', 8],
  ['052', 7, '名古屋', 'domestic', 8],
  ['050', 8, 'IP電話', 'ip', 8],
  ['090', 8, '携帯電話', 'mobile', 48],
  ['080', 8, '携帯電話', 'mobile_au', 46.5],
  ['1415', 7, 'アメリカ合衆国', 'international', 27],
] as const;

export interface CallsFile {
  path: string;
  rows: number;
  /** 1/100 yen, of all of them. */
  charge: number;
}

/**
 * Writes a file as a billing system would: calls of these numbers, spread over a month, oldest first, each with an id
 * of its own and its charge. The same arguments give the same bytes.
 */
export async function writeCallsFile(
  path: string,
  { rows, numbers, month, seed }: { rows: number; numbers: string[]; month: BillingMonth; seed: string },
): Promise<CallsFile> {
  const random = createSeededRandom(rows);
  const start = getMonthStart(month);
  const step = (getMonthStart(addMonths(month)) - start - 40_000) / rows;
  const file = createWriteStream(path, { highWaterMark: 1 << 20 });
  let block = `${COLUMNS}\n`;
  let sum = 0;
  for (let row = 0; row < rows; row += 1) {
    const [prefix, digits, area, type, yen] = random.pick(destinations);
    const at = Math.floor(start + row * step);
    const tenths = random.pickBetween(1, 6000);
    const number = random.pick(numbers);
    const other = prefix + String(random.pickBetween(0, 10 ** digits - 1)).padStart(digits, '0');
    const charge = Math.ceil(tenths / 1800) * yen;
    sum += charge * 100;
    block += `${seed}-${row},${number},outgoing,${formatJapaneseTime(at)},${tenths / 10},${other},${area},external,${type},${charge.toFixed(2)}\n`;
    if (block.length > 1 << 18) {
      if (!file.write(block)) await once(file, 'drain');
      block = '';
    }
  }
  file.end(block);
  await once(file, 'close');
  return { path, rows, charge: sum };
}

const JST_MS = 9 * 3_600_000;

/** 2017-11-05T13:20:00.0+09:00 */
const formatJapaneseTime = (tenths: number): string =>
  `${new Date(tenths * 100 + JST_MS).toISOString().slice(0, 21)}+09:00`;
