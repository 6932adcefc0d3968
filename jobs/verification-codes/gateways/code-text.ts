import { config } from '../../../config';

/** Of a short message: within the 70 characters of one, as long as the service's name is short. */
export const formatCodeMessage = (code: string): string =>
  `【${config.SERVICE_NAME}】認証番号は ${code} です。${config.CODE_MINUTES}分以内に入力してください。`;

/** Before and after the digits of a call. */
export const spokenBefore = `${config.SERVICE_NAME}です。認証番号をお知らせします。`;
export const spokenAgain = '繰り返します。';
export const spokenAfter = `${config.CODE_MINUTES}分以内に入力してください。`;
