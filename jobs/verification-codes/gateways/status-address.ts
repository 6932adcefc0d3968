import { config } from '../../../config';

/** The public address at which Twilio reports on a code; Twilio's signature covers it. */
export const buildStatusUrl = (codeId: number | string): string =>
  `${(config.PUBLIC_URL ?? '').replace(/\/$/, '')}/gateway/twilio/codes/${codeId}`;
