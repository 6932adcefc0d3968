import iconv from 'iconv-lite';

/** CP932 (Windows-31J), the encoding of the CSV files. */

/** What Windows writes for characters that iconv-lite's table lacks. */
const WINDOWS_MAPPING: Readonly<Record<string, string>> = {
  '−': '－', // U+2212
  '〜': '～', // U+301C
  '‖': '∥', // U+2016
  '—': '―', // U+2014
  '¢': '￠',
  '£': '￡',
  '¬': '￢',
};
const GETA = '〓';
const QUESTION_MARK = 0x3f;

export interface Cp932Text {
  /** Only characters that CP932 has. */
  text: string;
  /** How many others it had, each written as 〓. */
  replaced: number;
}

/** A text as CP932 can write it, cut before the first character that does not fit into so many bytes. */
export function toCp932Text(text: string, maxBytes = Infinity): Cp932Text {
  const written = { text: '', replaced: 0 };
  let bytes = 0;
  for (const character of text) {
    const mapped = WINDOWS_MAPPING[character] ?? character;
    const encoded = encodeCp932(mapped);
    const isMissing = encoded[0] === QUESTION_MARK && mapped !== '?';
    bytes += isMissing ? 2 : encoded.length;
    if (bytes > maxBytes) break;
    written.text += isMissing ? GETA : mapped;
    if (isMissing) written.replaced += 1;
  }
  return written;
}

/** Of a text that `toCp932Text` has seen, or that is known to be in CP932. */
export const encodeCp932 = (text: string): Buffer => iconv.encode(text, 'cp932');
