/**
 * The parent of every error whose message is written for the operator: it says what is wrong and what to do, and is shown
 * alone, without a stack.
 */
export class OperatorError extends Error {}

/** A command cannot do what it was asked. */
export class CommandError extends OperatorError {}

/** Something outside the program keeps it from starting. */
export class StartError extends OperatorError {}

/** The text for an error that ends a program: its message if that explains it, otherwise also where it happened. */
export function formatStartError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof OperatorError ? error.message : (error.stack ?? error.message);
}

/** Runs a step of the start. If it fails for a reason outside the program, `what` begins the message. @throws StartError */
export async function explainFailure<T>(what: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof OperatorError) throw error;
    // A host name with several addresses fails with one error for each.
    const causes = error instanceof AggregateError ? (error.errors as Error[]) : [error];
    throw new StartError(`${what}: ${causes.map(({ message }) => message).join('; ')}`, { cause: error });
  }
}
