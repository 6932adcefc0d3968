import { hash } from 'node:crypto';
import { toJstDay } from '../../lib/values/jst';
import { rememberLast } from '../../lib/values/remember-last';

/** Which party of a record a call is about: a call between two lines of ours is one record and two calls. */
export type RecordSide = 'caller' | 'called';

/** What identifies a call, all as it is written in the record, before any conversion. */
export interface CallIdentity {
  /** The switch or billing system that wrote the record: a key of the format, never the name of a file. */
  switchName: string;
  side: RecordSide;
  /**
   * The record's id; unless the switch never uses an id twice, also its start, caller and called party; all of the
   * record's fields where it has no id.
   */
  written: readonly string[];
}

const SOURCE_BYTES = 16;

/**
 * The one identity of a call, on both databases: 16 bytes, a character each. Neither the format's name nor the zone, the
 * tariff, the month, the file or the order of the records changes it, so that a record that comes again is recognised.
 */
export const digestIdentity = ({ switchName, side, written }: CallIdentity): string =>
  hash('sha256', `${switchName}\0${side}\0${written.join('\0')}`, 'binary').slice(0, SOURCE_BYTES);

/**
 * The identity that version 0.1.0 stored: the day of the call in Japan, in two bytes, and a digest of the format's name
 * and an id of converted values. `started_at` in 0.1 s.
 */
export const digestOldIdentity = (formatName: string, id: string, started_at: number): string =>
  encodeDay(toJstDay(started_at)) + hash('sha256', `${formatName}\0${id}`, 'binary').slice(0, SOURCE_BYTES);

const encodeDay = rememberLast((day: number) => String.fromCharCode(day >> 8, day & 255), 0);

const PRIME = 0x01000193;

/** A checksum (FNV-1a, two of 26 bits) of some values, to tell whether a known call has come with other content. */
export function computeChecksum(values: readonly (string | number)[]): number {
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (const value of values) {
    const text = typeof value === 'string' ? value : String(value);
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      low = Math.imul(low ^ code, PRIME);
      high = Math.imul(high + code, PRIME) ^ (high >>> 15);
    }
    low = Math.imul(low ^ 0x1f, PRIME);
    high = Math.imul(high + 0x1f, PRIME) ^ (high >>> 15);
  }
  return (high >>> 6) * 2 ** 26 + (low >>> 6);
}
