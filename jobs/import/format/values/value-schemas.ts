import { z } from 'zod';
import { isTimePattern } from './time-pattern';

/** A regular expression as text. */
const pattern = z.string().refine((text) => {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}, 'not a regular expression');

/** A column by its name, or by its number from 1; of JSON the path to it, such as variables.uuid. */
const column = z.union([z.string().min(1), z.int().min(1)], {
  error: 'a column’s name, or its number from 1',
});

const source = {
  column: column.optional(),
  /** Instead of a column: always this. */
  constant: z.string().optional(),
  /** What is taken of the text: the first group, or all of it. Nothing where it does not match. */
  match: pattern.optional(),
};
const hasOneSource = (value: { column?: unknown; constant?: unknown }): boolean =>
  (value.column === undefined) !== (value.constant === undefined);
const ONE_SOURCE = 'give either column or constant';

/** One, or several of which the first that is not empty counts. */
const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1)]);

const text = z.union([
  column,
  z
    .strictObject({
      ...source,
      /** What each text stands for; any other is refused. */
      words: z.record(z.string(), z.string()).optional(),
    })
    .refine(hasOneSource, ONE_SOURCE),
]);

const rounding = z.enum(['exact', 'down', 'up', 'half_up']).default('exact');

const duration = z
  .strictObject({
    ...source,
    unit: z.enum(['seconds', 'milliseconds', 'microseconds', 'nanoseconds', 'minutes', 'text', 'clock']),
    round: rounding,
  })
  .refine(hasOneSource, ONE_SOURCE);

const charge = z
  .strictObject({ ...source, unit: z.enum(['yen', 'sen']), round: rounding })
  .refine(hasOneSource, ONE_SOURCE);

const timePattern = z.string().refine(isTimePattern, {
  error: 'seconds, milliseconds or microseconds, or a pattern such as yyyy-MM-dd HH:mm:ss[.S]',
});

const time = z
  .strictObject({
    ...source,
    time: oneOrMore(timePattern),
    plus: duration.optional(),
    minus: duration.optional(),
  })
  .refine(hasOneSource, ONE_SOURCE);

const condition = z
  .strictObject({ of: oneOrMore(text), is: pattern.optional(), is_not: pattern.optional() })
  .refine(({ is, is_not }) => (is === undefined) !== (is_not === undefined), 'give either is or is_not');

/** Who called or was called: the number, and by which names the line may be one of ours (else by the number). */
const side = z.strictObject({ number: oneOrMore(text), names: z.array(text).min(1).optional() });

/** The rules of what a format takes out of a record. */
export const formatValues = { pattern, oneOrMore, text, duration, charge, time, condition, side };

export type TextValue = z.infer<typeof text>;
export type TimeValue = z.infer<typeof time>;
export type DurationValue = z.infer<typeof duration>;
export type ChargeValue = z.infer<typeof charge>;
export type Rounding = z.infer<typeof rounding>;
export type RecordCondition = z.infer<typeof condition>;
export type CallSide = z.infer<typeof side>;

/** `a`, or each of `[a, b]`. */
export const toArray = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
