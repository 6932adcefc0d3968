import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { config } from '../../config';

/** The way in which a verification code reaches a customer. */
export type ContactMethod = 'sms' | 'voice';

export type GatewayName = 'outbox' | 'twilio' | 'smpp';

/** Returns the gateway of a method. SMPP has no calls, so these need Twilio's settings beside it. */
export function getGateway(method: ContactMethod): GatewayName | undefined {
  const gateway = config.VERIFICATION_GATEWAY;
  if (gateway !== 'smpp' || method === 'sms') return gateway;
  return config.TWILIO_ACCOUNT_SID === undefined ? undefined : 'twilio';
}

/** Lists the methods that reach a number, by its type in the numbering data: mobile numbers both, all others calls. */
export function listContactMethods(digits: string): ContactMethod[] {
  const type = parsePhoneNumberFromString(toE164(digits))?.getType();
  const isMobile = type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE';
  const methods: ContactMethod[] = isMobile ? ['sms', 'voice'] : ['voice'];
  return methods.filter((method) => getGateway(method) !== undefined);
}

/** +819012345678 from 09012345678 */
export const toE164 = (digits: string): string => `+${digits.replace(/^0/, '81')}`;
