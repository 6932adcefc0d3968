// eslint-disable-next-line @typescript-eslint/unbound-method -- never without the text that they are called on
const { charCodeAt, trim } = String.prototype;

// Millions of lines and fields are of more kinds inside V8 than it keeps in mind: asked for their property charCodeAt or
// trim, it looks it up anew each time.

/** The code of a character, NaN behind the last. */
export const getCharCode = (text: string, at: number): number => charCodeAt.call(text, at);

/** Without white space at both ends. */
export const trimText = (text: string): string =>
  isVisibleAscii(getCharCode(text, 0)) && isVisibleAscii(getCharCode(text, text.length - 1))
    ? text
    : trim.call(text);

/** Whether it is a character of ASCII that is seen. */
const isVisibleAscii = (code: number): boolean => code > SPACE && code < DELETE;
const SPACE = 32;
const DELETE = 127;

const ZERO = 48;

/** What the decimal digits from one place to before another come to, where nothing else stands there. */
export function parseDigits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + getCharCode(text, at) - ZERO;
  return value;
}
