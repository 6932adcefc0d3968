import iconv from 'iconv-lite';

/** CP932 (Windows-31J), the encoding of the CSV files. */

/** Windows's own mapping of characters that iconv-lite's table lacks. */
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
  /** The number of characters that were replaced by 〓. */
  replaced: number;
}

/** Replaces characters that CP932 lacks, and cuts the text before the first character that exceeds `maxBytes`. */
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

/** Encodes a text that `toCp932Text` returned, or that is known to fit into CP932. */
export const encodeCp932 = (text: string): Buffer => iconv.encode(text, 'cp932');
