import { crc32, deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';

const MOST_COLOURS = 256;

/** The picture with at most 256 colours, which pages do not need: a third of the size. */
export function withPalette(file: Buffer): Buffer {
  const { width, height, data } = PNG.sync.read(file);
  for (let step = 1; ; step += 2) {
    const drawn = indexed(data, width, height, step);
    if (drawn) return encode(drawn.palette, drawn.rows, width, height);
  }
}

/** Rows of places in the palette, the shades rounded to this step; nothing where there are still too many. */
function indexed(data: Buffer, width: number, height: number, step: number) {
  const palette = new Map<number, number>();
  const rows = Buffer.alloc((width + 1) * height);
  const rounded = (at: number) => Math.min(255, Math.round((data[at] ?? 0) / step) * step);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const colour = (rounded(pixel * 4) << 16) | (rounded(pixel * 4 + 1) << 8) | rounded(pixel * 4 + 2);
    let place = palette.get(colour);
    if (place === undefined) {
      place = palette.size;
      if (place === MOST_COLOURS) return undefined;
      palette.set(colour, place);
    }
    // Each row begins with the filter of that row: none.
    rows[pixel + Math.floor(pixel / width) + 1] = place;
  }
  return { palette: [...palette.keys()], rows };
}

function encode(palette: number[], rows: Buffer, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
