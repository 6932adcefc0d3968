import { z } from 'zod';
import { formatValues } from './values/value-schemas';
import { isTimezone } from './values/timezone';
import { ENCODINGS } from '../source/source-file';

const { pattern, oneOrMore, text, duration, charge, time, condition, side } = formatValues;

const layout = z.strictObject({
  columns: z.array(z.string().min(1)).min(1),
  /** Of a record: all columns where it is not given. */
  fewest: z.int().min(1).optional(),
  most: z.int().min(1).optional(),
  /** What must stand in these columns, to tell one layout from another. */
  where: z.record(z.string(), pattern).optional(),
});

const pairs = z.strictObject({
  /** Which record begins a call, and which ends it; its columns are last.NAME. */
  first: condition,
  last: condition,
  /** What both have in common. */
  by: z.array(text).min(1),
  /** The same two texts, either way round. */
  by_either_order: z.tuple([text, text]).optional(),
});

const shape = z.strictObject({
  description: z.string().optional(),
  kind: z.enum(['csv', 'json']).default('csv'),
  delimiter: oneOrMore(z.string().length(1)).default(','),
  quote: z.string().length(1).nullable().default('"'),
  encoding: z.enum(ENCODINGS).optional(),
  header: z.enum(['required', 'optional', 'none']).default('none'),
  unknown_columns: z.enum(['refuse', 'ignore']).default('ignore'),
  layouts: z.array(layout).default([]),
  /** Which only a header may name. */
  other_columns: z.array(z.string().min(1)).default([]),
  /** Of times that are written without a zone. */
  zone: z.string().refine(isTimezone, 'not a time zone such as Asia/Tokyo').optional(),
  percent_encoded: z.boolean().default(false),
  pairs: pairs.optional(),
  /** Records of which one condition holds tell of no call; calls are those that all of `answered` hold for. */
  ignored: z.array(condition).default([]),
  answered: z.array(condition).default([]),
  id: z.array(text).min(1),
  /** The id is never used twice, so that start and numbers need not be part of it. */
  id_alone: z.boolean().default(false),
  caller: side.optional(),
  called: side.optional(),
  number: oneOrMore(text).optional(),
  direction: oneOrMore(text).optional(),
  other_number: oneOrMore(text).optional(),
  area: oneOrMore(text).optional(),
  line_class: oneOrMore(text).optional(),
  call_type: oneOrMore(text).optional(),
  started_at: oneOrMore(time),
  ended_at: oneOrMore(time).optional(),
  duration: oneOrMore(duration).optional(),
  /** How far the duration may be from what the times say. */
  tolerance_seconds: z.number().min(0).default(2),
  charge: oneOrMore(charge).optional(),
});

const isSwitch = ({ caller, called }: z.infer<typeof shape>) => Boolean(caller && called);
const isLine = ({ number, direction, other_number }: z.infer<typeof shape>) =>
  Boolean(number && direction && other_number);

/** A layout of call records, as a file of formats/ or of the operator's own describes it. */
export const callFormatSchema = shape
  .refine((format) => isSwitch(format) !== isLine(format), {
    error: 'give either caller and called, or number, direction and other_number',
  })
  .refine(({ duration: length, ended_at }) => length ?? ended_at, {
    error: 'give duration or ended_at',
  });

/** Another name for one of several formats, told apart by the file's content. */
export const formatAliasSchema = z.strictObject({
  description: z.string().optional(),
  any_of: z.array(z.string()).min(1),
});

export type CallFormat = z.infer<typeof shape>;
export type RecordLayout = z.infer<typeof layout>;
