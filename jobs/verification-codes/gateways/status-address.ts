import { config } from '../../../config';

/** Where Twilio reports on a code: public, and part of what it signs. */
export const buildStatusUrl = (codeId: number | string): string =>
  `${(config.PUBLIC_URL ?? '').replace(/\/$/, '')}/gateway/twilio/codes/${codeId}`;
