import type { Calculator } from './calculator';
import { type Month, writeClock, writeDay } from './civil-time';
import type { FeesColumn, StoredCall } from './records';
import { listNumbers, selectCalls, sortByStart, sumCalls, writeNumber } from './selection';
import { writeDurationInFile, writeYen, writeYenInSixBytes } from './words';

/** The detail files, decoded. `utf8` has whole texts and exact amounts. */
export type Encoding = 'cp932' | 'utf8';

const FEES: FeesColumn[] = ['domestic', 'international', 'au', 'other_mobile'];

/** 電話番号別ご利用料金 */
export function writeFeesFile(calculator: Calculator, contract: string, month: Month): string {
  const lines = listNumbers(calculator, contract, month).map(({ number }) => {
    const sum = (columns: FeesColumn[]) => {
      const calls = selectCalls(calculator, {
        ...{ contract, month, number, direction: 'outgoing' as const },
        ofType: ({ feesColumn }) => columns.includes(feesColumn),
      });
      return writeYen(sumCalls(calculator, calls).charge);
    };
    return [writeNumber(calculator, number), sum(FEES), ...FEES.map((column) => sum([column]))];
  });
  return joinLines([
    ['ご利用電話番号', '合計料金', '国内通話', '国際通話', 'ａｕ通話', 'その他移動体'],
    ...lines,
  ]);
}

/** 通話明細 */
export function writeCallsFile(
  calculator: Calculator,
  contract: string,
  month: Month,
  encoding: Encoding,
): string {
  const calls = listNumbers(calculator, contract, month).flatMap(({ number }) =>
    sortByStart(selectCalls(calculator, { contract, month, number, direction: 'outgoing' })),
  );
  return joinLines([
    [
      'ご利用電話番号',
      '通話開始日時',
      '通話開始時刻',
      '着信電話番号',
      '地域名',
      '通話時間',
      '内線区分',
      '呼種別',
      '通話料',
    ],
    ...calls.map((call) => writeCall(calculator, call, encoding)),
  ]);
}

function writeCall(calculator: Calculator, call: StoredCall, encoding: Encoding): string[] {
  const type = calculator.getType(call.type);
  return [
    writeNumber(calculator, call.number),
    writeDay(call.start).split('-').join('/'),
    writeClock(call.start),
    writeNumber(calculator, call.other),
    writeText(call.area, encoding, 20),
    type.isCounted ? '1件' : writeDurationInFile(call.duration),
    call.isInternal ? '内線' : '外線',
    writeText(type.label, encoding, 80),
    encoding === 'cp932' ? writeYenInSixBytes(call.charge) : writeYen(call.charge),
  ];
}

const joinLines = (lines: string[][]): string => lines.map((cells) => `${cells.join(',')}\r\n`).join('');

const cp932 = listCp932Characters();

/** All characters that Windows-31J has, by the decoder of the runtime. */
function listCp932Characters(): Set<string> {
  const decoder = new TextDecoder('shift_jis');
  const characters = new Set<string>();
  for (let first = 0; first < 256; first += 1)
    for (let second = 0x40; second < 256; second += 1)
      for (const character of decoder.decode(Uint8Array.of(first, second))) characters.add(character);
  characters.delete('\uFFFD');
  return characters;
}

const isHalfWidth = (character: string): boolean => /^[\u0020-\u007E\uFF61-\uFF9F]$/.test(character);

/** A text from outside as a field: safe for spreadsheets, in CP932 cut to its bytes, quoted where it must be. */
function writeText(text: string, encoding: Encoding, bytes: number): string {
  const trimmed = text.replace(/ +$/, '');
  const safe = '=+-@\t\r'.includes(trimmed.charAt(0)) && trimmed !== '' ? `'${trimmed}` : trimmed;
  let field = safe;
  if (encoding === 'cp932') {
    field = '';
    let length = 0;
    for (const character of safe) {
      length += isHalfWidth(character) ? 1 : 2;
      if (length > bytes) break;
      field += cp932.has(character) ? character : '〓';
    }
  }
  return /[",\r\n]/.test(field) ? `"${field.split('"').join('""')}"` : field;
}
