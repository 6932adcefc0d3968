import type { SeededRandom } from '../../jobs/demo/seeded-random';
import { type Destination, sharedDestinations, toDialled } from './call-destinations';

/** Yes: lines of calls that carry type, area and charge. No: what a switch writes. */
export type CallFileKind = 'charged' | 'raw';

/** The content of a line. */
export interface CallLine {
  row: number;
  seed: string;
  number: string;
  /** 0.1 s since the epoch; whole seconds for a switch. */
  startedAt: number;
  /** 0.1 s */
  duration: number;
  isIncoming: boolean;
  other: string;
  destination: Destination;
  /** The line is one to be refused, for this of several reasons; undefined where it is good. */
  fault?: number | undefined;
}

/** One of so many lines is one that has to be refused. */
const FAULTY_EVERY = 2500;
const FAULTS = 6;
/** Of outgoing lines of a switch, one of so many was not answered. */
const UNANSWERED_EVERY = 12;
/** One of so many calls comes in. */
const INCOMING_EVERY = 8;

const MAX_DURATION = 6000;

export const CHARGED_HEADER =
  'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge';

export function drawCall(
  random: SeededRandom,
  {
    row,
    seed,
    startedAt,
    duration,
    numbers,
  }: { row: number; seed: string; startedAt: number; duration?: number; numbers: readonly string[] },
): CallLine {
  const number = random.pick(numbers);
  const isIncoming = row % INCOMING_EVERY === 3;
  const destination = drawDestination(random, isIncoming);
  return {
    ...{ row, seed, number, startedAt, isIncoming, destination },
    duration: duration ?? random.pickBetween(1, MAX_DURATION),
    other: drawNumber(random, destination),
    fault: row % FAULTY_EVERY === 17 ? Math.floor(row / FAULTY_EVERY) % FAULTS : undefined,
  };
}

/** Nobody is called by directory enquiries, and a free number calls nobody. */
function drawDestination(random: SeededRandom, isIncoming: boolean): Destination {
  for (;;) {
    const destination = random.pick(sharedDestinations);
    if (!isIncoming || /^(domestic|mobile|ip)/.test(destination.type)) return destination;
  }
}

/** What follows never begins with 0 or 1, so that it is a number that there can be, and none of ours (0500…). */
function drawNumber(random: SeededRandom, { prefix, digits }: Destination): string {
  if (digits === 0) return prefix;
  return prefix + String(random.pickBetween(2 * 10 ** (digits - 1), 10 ** digits - 1));
}

const MISSING_DAY = '2026-02-30';

/** A line of our own format. */
export function formatChargedLine(call: CallLine): string {
  const { row, seed, number, startedAt, duration, isIncoming, other, destination, fault } = call;
  const { area, type, unitCharge, unitSeconds } = destination;
  const units = type === 'directory' ? 1 : Math.ceil(duration / (unitSeconds * 10));
  const charge = isIncoming ? 0 : units * unitCharge;
  const time = formatJapaneseTime(startedAt, 'T');
  return [
    `${seed}-${row}`,
    fault === 0 ? '0399999999' : number,
    isIncoming ? 'incoming' : 'outgoing',
    fault === 1 ? `${MISSING_DAY}${time.slice(10)}+09:00` : `${time}.${startedAt % 10}+09:00`,
    `${fault === 2 ? '-' : ''}${Math.floor(duration / 10)}.${duration % 10}`,
    fault === 3 ? 'nobody' : other,
    area,
    'external',
    fault === 4 ? 'unknown' : type,
    `${(charge / 100).toFixed(2)}${fault === 5 ? '5' : ''}`,
  ].join(',');
}

/** A line of an Asterisk's Master.csv, whose clock is Japan's and knows seconds only. */
export function formatRawLine(call: CallLine): string {
  const { row, seed, number, startedAt, isIncoming, other, destination, fault } = call;
  const seconds = Math.ceil(call.duration / 10);
  const start = Math.floor(startedAt / 10) * 10;
  const isAnswered = isIncoming || row % UNANSWERED_EVERY !== 5;
  const answer = fault === 1 ? `${MISSING_DAY} 12:00:00` : formatJapaneseTime(start, ' ');
  const end = formatJapaneseTime(start + seconds * 10 + (fault === 2 ? 600 : 0), ' ');
  const ours = fault === 0 ? '0399999999' : number;
  const dialled = fault === 5 ? '010299555123456' : toDialled(other, destination);
  const [src, dst] = isIncoming ? [other, ours] : [ours, fault === 3 ? 'nobody' : dialled];
  const quoted = (text: string) => `"${text}"`;
  return [
    ...['', src, dst, 'from-internal', `"" <${src}>`.replaceAll('"', '""')].map(quoted),
    ...[`SIP/trunk-${row.toString(16)}`, `SIP/line-${row.toString(16)}`, 'Dial', `SIP/trunk/${dst},60`].map(
      quoted,
    ),
    ...[formatJapaneseTime(start - 70, ' '), isAnswered ? answer : '', end].map(quoted),
    seconds + 7,
    fault === 4 ? 'long' : isAnswered ? seconds : 0,
    ...[
      isAnswered ? 'ANSWERED' : 'NO ANSWER',
      'DOCUMENTATION',
      `${seed}-${Math.floor(start / 10)}.${row}`,
      '',
    ].map(quoted),
  ].join(',');
}

const JST_MS = 9 * 3_600_000;

/** 2017-11-05T13:20:00 */
const formatJapaneseTime = (tenths: number, between: ' ' | 'T'): string => {
  const text = new Date(tenths * 100 + JST_MS).toISOString();
  return `${text.slice(0, 10)}${between}${text.slice(11, 19)}`;
};
