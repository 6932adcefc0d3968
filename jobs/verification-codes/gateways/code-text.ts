import { config } from '../../../config';

/** The text of a short message, within its 70 characters if the service's name is short. */
export const formatCodeMessage = (code: string): string =>
  `【${config.SERVICE_NAME}】認証番号は ${code} です。${config.VERIFICATION_CODE_MINUTES}分以内に入力してください。`;

/** A call says these before, between and after the digits. */
export const spokenBefore = `${config.SERVICE_NAME}です。認証番号をお知らせします。`;
export const spokenAgain = '繰り返します。';
export const spokenAfter = `${config.VERIFICATION_CODE_MINUTES}分以内に入力してください。`;
