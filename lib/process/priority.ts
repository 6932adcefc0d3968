import { setPriority } from 'node:os';

/** About a third of the CPU that another program gets, where there is not enough for both. */
const NICENESS = 5;

/**
 * Lets the web server go first: a customer waits for each page, and for a file or an import some seconds do not matter.
 * For the start of a program, because only threads that begin later take it over.
 */
export const lowerPriority = (): void => setPriority(NICENESS);
