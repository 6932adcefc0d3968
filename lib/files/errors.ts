/** The store does not have such a file, or no longer. */
export class FileNotFoundError extends Error {
  constructor(key: string) {
    super(`${key} is not in the store`);
  }
}

/** The store cannot be used for now. The message says in a sentence why, and what to do; `cause` is the first error. */
export class StoreUnavailableError extends Error {}
