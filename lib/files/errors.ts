import { OperatorError } from '../process/operator-error';

/** The store does not have such a file, or no longer. */
export class FileNotFoundError extends Error {
  constructor(key: string) {
    super(`${key} is not in the store`);
  }
}

/** The store cannot be used for now; `cause` is the first error. */
export class StoreUnavailableError extends OperatorError {}
