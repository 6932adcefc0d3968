/** Random numbers that come out the same for the same seed. */
export interface SeededRandom {
  /** 0 and above, below 1. */
  next(): number;
  /** A whole number, both ends included. */
  pickBetween(min: number, max: number): number;
  pick<T>(from: readonly T[]): T;
  pickDigits(length: number): string;
}

/** Mulberry32: small, and the same on every machine. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const pickBetween = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    pickBetween,
    pick: (from) => from[pickBetween(0, from.length - 1)] as (typeof from)[number],
    pickDigits: (length) => Array.from({ length }, () => pickBetween(0, 9)).join(''),
  };
}
