import { z } from 'zod';
import { ENCODINGS } from '../source/source-file';
import { chargeSchema, durationSchema } from './values/amount';
import { conditionSchema, oneOrMore, patternSchema, sideSchema, textSchema } from './values/text';
import { timeSchema } from './values/time';
import { isTimezone } from './values/timezone';

const layout = z.strictObject({
  columns: z.array(z.string().min(1)).min(1),
  /** How many fields a record may have; exactly as many as there are columns by default. */
  min_columns: z.int().min(1).optional(),
  max_columns: z.int().min(1).optional(),
  /** Expressions that columns must match, to tell one layout from another. */
  where: z.record(z.string(), patternSchema).optional(),
});

const pairs = z.strictObject({
  /** The record that begins a call and the one that ends it, whose columns are last.NAME. */
  first: conditionSchema,
  last: conditionSchema,
  /** The values that both have in common. */
  by: z.array(textSchema).min(1),
  /** Two values that both have in common, either way round. */
  match_unordered: z.tuple([textSchema, textSchema]).optional(),
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
  /** Columns that only a header may name. */
  other_columns: z.array(z.string().min(1)).default([]),
  /** The zone of times that are written without one. */
  zone: z.string().refine(isTimezone, 'not a time zone such as Asia/Tokyo').optional(),
  percent_encoded: z.boolean().default(false),
  pairs: pairs.optional(),
  /** A record is no call if one of `skip_if` holds, and was not answered unless all of `answered_if` hold. */
  skip_if: z.array(conditionSchema).default([]),
  answered_if: z.array(conditionSchema).default([]),
  /** The switch or billing system: part of what identifies a call. Another machine of a kind is named by --switch. */
  switch: z.string().min(1).optional(),
  id: z.array(textSchema).min(1),
  /** The id is never used twice, so start and numbers need not be part of the call's key. */
  id_is_unique: z.boolean().default(false),
  caller: sideSchema.optional(),
  called: sideSchema.optional(),
  number: oneOrMore(textSchema).optional(),
  direction: oneOrMore(textSchema).optional(),
  other_number: oneOrMore(textSchema).optional(),
  area: oneOrMore(textSchema).optional(),
  line_class: oneOrMore(textSchema).optional(),
  call_type: oneOrMore(textSchema).optional(),
  started_at: oneOrMore(timeSchema),
  ended_at: oneOrMore(timeSchema).optional(),
  duration: oneOrMore(durationSchema).optional(),
  /** How far the duration may be from what the times say. */
  tolerance_seconds: z.number().min(0).default(2),
  charge: oneOrMore(chargeSchema).optional(),
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
