import iconv from 'iconv-lite';
import { EncodingDetector } from '../../../../jobs/import/source/source-file';

/** What the detector says about bytes that come in blocks of this size. */
function detect(bytes: Buffer, size = bytes.length): { isUtf8: boolean; isWhole: boolean } {
  const detector = new EncodingDetector();
  for (let at = 0; at < bytes.length; at += size) detector.take(bytes.subarray(at, at + size));
  detector.end();
  const { isUtf8, isWhole } = detector;
  return { isUtf8, isWhole };
}

const utf8 = Buffer.from('番号,地域 é🗾\n1,東京\n');
const cp932 = iconv.encode('番号,地域\n1,東京\n', 'cp932');
const damaged = Buffer.concat([utf8, Buffer.from([0x93, 0x0a])]);

it.each([
  ['UTF-8', utf8, true, true],
  ['ASCII', Buffer.from('a,b\n1,2\n'), true, true],
  ['CP932', cp932, false, false],
  ['half-width katakana of CP932', iconv.encode('ｶﾅ,ｱ\n', 'cp932'), false, false],
  ['UTF-8 with a damaged line', damaged, true, false],
  ['UTF-8 that ends within a character', utf8.subarray(0, -2), true, false],
  ['CP932 with one line in UTF-8', Buffer.concat([cp932, cp932, Buffer.from('京\n')]), false, false],
  ['nothing', Buffer.alloc(0), true, true],
])('tells the encoding of %s, whatever the blocks', (_, bytes, isUtf8, isWhole) => {
  for (const size of [1000, 7, 5]) expect(detect(bytes, size)).toEqual({ isUtf8, isWhole });
});

it('does not take a character that lies across blocks for a fault', () => {
  for (const size of [3, 4, 5, 6]) expect(detect(utf8, size).isWhole).toBe(true);
});
