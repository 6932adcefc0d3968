import { hasProgram } from './packages.cjs';

/** A `describe` that is skipped where one of the programs is not there. */
export const describeWith = (...programs: string[]) =>
  programs.every(hasProgram) ? describe : describe.skip;
