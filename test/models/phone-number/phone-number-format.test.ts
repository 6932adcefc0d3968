import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { getHyphens } from '../../../models/phone-number/parse-phone-number';
import { formatPhoneNumber } from '../../../models/phone-number/phone-number-format';

it.each([
  ['0312345678', '03-1234-5678'],
  ['0451234567', '045-123-4567'],
  ['0120123456', '0120-123-456'],
  ['0570012345', '0570-012-345'],
  ['05012345678', '050-1234-5678'],
  ['09012345678', '090-1234-5678'],
  ['08001234567', '0800-123-4567'],
  ['14155550123', '14155550123'],
  ['0312', '0312'],
  ['104', '104'],
  ['0', '0'],
  ['', ''],
])('shows %s as %s', (digits, shown) => {
  expect(formatPhoneNumber(digits)).toBe(shown);
});

/** Places of the hyphens according to the library's own parser. */
function parseHyphens(digits: string): number {
  const number = parsePhoneNumberFromString(digits, 'JP');
  const [first = '', second = '', third] = number?.isValid() ? number.formatNational().split('-') : [];
  return third === undefined || first + second + third !== digits ? 0 : first.length * 10 + second.length;
}

it('agrees with the library for numbers from all over the numbering plan', () => {
  const STEP = 61;
  const prefixes = Array.from(
    { length: 100_000 / STEP },
    (_, at) => `0${String(at * STEP).padStart(5, '0')}`,
  );
  const numbers = prefixes.flatMap((prefix) =>
    ['1234', '12345', '123', '1234567'].map((rest) => prefix + rest),
  );
  const different = numbers.filter((digits) => getHyphens(digits) !== parseHyphens(digits));
  expect(different).toEqual([]);
  expect(numbers.filter((digits) => getHyphens(digits) > 0).length).toBeGreaterThan(1000);
});
