import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** `PICTURES=folder npm run test:browsers` keeps what the browsers draw, to be looked at. */
const folder = process.env.PICTURES;

export const SAVE_PICTURES = folder !== undefined;

/** Returns the path for the picture of a page's state; `of` names the browser. */
export function getPicturePath(of: string, name: string): string {
  const where = path.join(folder ?? '', of);
  mkdirSync(where, { recursive: true });
  return path.join(where, `${name.replace(/[^\w#=-]+/g, '-')}.png`);
}

export function savePicture(of: string, name: string, png: Uint8Array): void {
  if (SAVE_PICTURES) writeFileSync(getPicturePath(of, name), png);
}
