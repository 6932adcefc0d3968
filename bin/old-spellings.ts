/** Commands that have a new name: the words by which they were called, and those by which they are called now. */
const RENAMED: [old: string[], current: string[]][] = [
  [['rate'], ['rerate']],
  [['batches'], ['batch']],
  [
    ['files', 'purge'],
    ['files', 'delete-expired'],
  ],
  [['summary'], ['sums']],
  [
    ['account', 'letter'],
    ['account', 'reset', '--letter'],
  ],
];

/** Replaces an old spelling by the new one, with a line on standard error that names it. */
export function replaceOldSpelling(args: string[]): string[] {
  const renamed = RENAMED.find(([old]) => old.every((word, index) => args[index] === word));
  if (!renamed) return args;
  const [old, current] = renamed.map((words) => words.join(' '));
  process.stderr.write(`meisai: “meisai ${old}” is now “meisai ${current}”; the old spelling still works\n`);
  return [...renamed[1], ...args.slice(renamed[0].length)];
}
