import { readFaultOptions } from './fault-options';

const families = ['worker', 'redis'];

function read(...args: string[]) {
  const said: string[] = [];
  const listening = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((text) => said.push(String(text)) > 0),
  );
  const options = readFaultOptions(args, families);
  const { exitCode } = process;
  process.exitCode = undefined;
  listening.forEach((spy) => spy.mockRestore());
  return { options, exitCode, said: said.join('') };
}

it('takes the usual sizes, the short ones, and what is given besides', () => {
  expect(read().options).toEqual({ rows: 1_000_000, tries: 20, duration: 30, json: false });
  expect(read('--short').options).toMatchObject({ rows: 100_000, tries: 2, duration: 2 });
  expect(read('--short', '--tries', '5', '--only', 'redis').options).toMatchObject({
    ...{ rows: 100_000, tries: 5, only: ['redis'] },
  });
});

it('tells of its options, and that is no failure', () => {
  const { options, exitCode, said } = read('--help');
  expect([options, exitCode]).toEqual([undefined, 0]);
  expect(said).toContain('--duration <seconds>');
});

it.each([
  [['--rowz', '3'], /unknown option '--rowz'/],
  [['--rows', 'x'], /whole number from 1/],
  [['--tries', '0'], /whole number from 1/],
  [['--only', 'redis,nothing'], /one or more of worker,redis/],
  [['short'], /too many arguments/],
])('says in a sentence what is wrong with %s', (args, words) => {
  const { options, exitCode, said } = read(...args);
  expect([options, exitCode]).toEqual([undefined, 1]);
  expect(said).toMatch(words);
  expect(said).not.toContain(' at ');
});
