import { setPriority } from 'node:os';

/** About a third of the CPU time of a normal program, if there is not enough for both. */
const NICENESS = 5;

/**
 * Lets the web server go first: a customer waits for each page, while some seconds do not matter to a file or an import.
 * To be called at the start of a program, because only threads that begin later inherit it.
 */
export const lowerPriority = (): void => setPriority(NICENESS);
