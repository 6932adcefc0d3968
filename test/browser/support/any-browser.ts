/** A browser of any kind, told in the words of its pages what to do. */
export interface AnyBrowser {
  /** Waits until these words can be read; `limit` in milliseconds. */
  waitForText(words: string | RegExp, limit?: number): Promise<string>;
  /** Follows a link or presses a button that begins with these words; `nth` of several, from 0. */
  press(words: string, nth?: number): Promise<void>;
  /** Types into the field whose label begins so. */
  fill(label: string, text: string): Promise<void>;
  /** Ticks what has these words behind it. */
  choose(words: string): Promise<void>;
  /** Chooses the option after the current one. */
  pickAfter(current: string, wanted: string): Promise<void>;
  reload(): Promise<void>;
  /** Saves what a link leads to. The path of the file, which may not be whole yet. */
  save(words: string): Promise<string>;
  close(): Promise<void>;
}

export const matchesText = (text: string, words: string | RegExp): boolean =>
  typeof words === 'string' ? text.includes(words) : words.test(text);
