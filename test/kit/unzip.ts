import { inflateRawSync } from 'node:zlib';

const END = Buffer.from('PK\x05\x06', 'latin1');
const ENTRY = Buffer.from('PK\x01\x02', 'latin1');

/**
 * The one file that a ZIP holds, found by the directory at its end (APPNOTE 4.3.12 and 4.3.16).
 *
 * @throws Error where the ZIP is not whole, or holds another number of files
 */
export function unzipOne(zip: Buffer): Buffer {
  const end = zip.lastIndexOf(END);
  if (end < 0) throw new Error('no whole ZIP');
  const files = zip.readUInt16LE(end + 10);
  if (files !== 1) throw new Error(`${files} files in the ZIP`);
  const entry = zip.readUInt32LE(end + 16);
  if (zip.indexOf(ENTRY, entry) !== entry) throw new Error('a ZIP without its directory');
  const local = zip.readUInt32LE(entry + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const file = inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(entry + 20)));
  if (file.length !== zip.readUInt32LE(entry + 24)) throw new Error('a ZIP of half a file');
  return file;
}
