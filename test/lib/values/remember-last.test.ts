import { rememberLast } from '../../../lib/values/remember-last';

it('computes a value again only for another argument', () => {
  const computed: string[] = [];
  const double = rememberLast((text: string) => {
    computed.push(text);
    return text + text;
  }, 'a');
  expect(['a', 'a', 'b', 'b', 'a'].map(double)).toEqual(['aa', 'aa', 'bb', 'bb', 'aa']);
  expect(computed).toEqual(['a', 'b', 'a']);
});

it('keeps the last value if another cannot be computed', () => {
  const half = rememberLast((value: number) => {
    if (value % 2 === 1) throw new Error(`${value} is odd`);
    return value / 2;
  }, 2);
  expect(() => half(3)).toThrow('3 is odd');
  expect([half(2), half(4)]).toEqual([1, 2]);
  expect(() => half(3)).toThrow('3 is odd');
});
