// eslint-disable-next-line @typescript-eslint/unbound-method -- never without the text that it is called on
const { charCodeAt } = String.prototype;

/**
 * The code of a character, NaN behind the last. Millions of fields are of more kinds inside V8 than it keeps in mind:
 * asked for their property charCodeAt, it looks it up anew each time.
 */
export const codeAt = (text: string, at: number): number => charCodeAt.call(text, at);

const ZERO = 48;

/** What the decimal digits from one place to before another come to, where nothing else stands there. */
export function digitsOf(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + codeAt(text, at) - ZERO;
  return value;
}
