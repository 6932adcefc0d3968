import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { isShortNumber } from '../phone-number/phone-number-format';

const codesByType: Record<string, string> = {
  VOIP: 'ip',
  MOBILE: 'mobile',
  PAGER: 'mobile',
  TOLL_FREE: 'free',
};

/** The code of the call type that the numbering plan suggests for a stored number that no tariff covers. */
export function defaultCallType(digits: string): string {
  if (digits === '104') return 'directory';
  if (/^1\d\d$/.test(digits) || /^0(570|180|990)/.test(digits)) return 'special';
  if (!digits.startsWith('0')) return isShortNumber(digits) ? 'domestic' : 'international';
  return codesByType[parsePhoneNumberFromString(digits, 'JP')?.getType() ?? ''] ?? 'domestic';
}
