/** The store does not have such a file, or no longer. */
export class FileGoneError extends Error {
  constructor(key: string) {
    super(`${key} is not in the store`);
  }
}
