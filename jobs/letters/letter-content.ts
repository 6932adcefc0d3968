import { config } from '../../config';
import type { IssuedAccount } from '../../models/account/account';
import { now } from '../../lib/values/clock';
import { timeLabel } from '../../lib/values/format';

/** The texts of a welcome letter (開通通知) from top to bottom; the HTML page and the PDF lay them out. */
export interface LetterContent {
  /** 2017年12月05日 */
  date: string;
  addressee: string;
  sender: string;
  title: string;
  greeting: string;
  /** The rows of the table. `isSecret`: to be copied letter by letter. */
  rows: { name: string; value: string; isSecret?: true }[];
  notes: string[];
  /** The customer centre. */
  support: string[];
}

/** The letter of an account that has just got its password. */
export interface WelcomeLetter {
  login: string;
  content: LetterContent;
}

export const LETTER_TITLE = 'ご利用開始のご案内(開通通知)';

/** The address as a customer types it: the public one, else where the portal listens itself. */
const portalAddress =
  config.PUBLIC_URL?.replace(/\/?$/, '/') ??
  `${config.isSecure ? 'https' : 'http'}://${config.HOST}:${config.PORT}/`;

const NOTES = [
  '※大文字・小文字の区別があります。',
  '※初めてログインされた後に、パスワードの変更をお願いいたします。',
  '※本書は大切に保管してください。パスワードが不明になった場合は、初期化しますので下記までご連絡ください。',
];

export function buildWelcomeLetter(contractCode: string, account: IssuedAccount): WelcomeLetter {
  return { login: account.login, content: letterContent(contractCode, account) };
}

function letterContent(contractCode: string, { login, password }: IssuedAccount): LetterContent {
  const isEmail = login.includes('@');
  return {
    date: timeLabel(now()).replace(/ .*/, ''),
    addressee: `ご契約コード ${contractCode} のお客さま`,
    sender: config.OPERATOR_NAME,
    title: LETTER_TITLE,
    greeting: `このたびは「${config.SERVICE_NAME}」をお申し込みいただき、まことにありがとうございます。ご契約内容、ご利用料金の確認などは、下記のページよりご利用いただけます。`,
    rows: [
      { name: 'ページのアドレス(URL)', value: isEmail ? `${portalAddress}mypage/login` : portalAddress },
      { name: '契約コード', value: contractCode },
      { name: isEmail ? 'メールアドレス' : 'セルフID', value: login, isSecret: true },
      { name: isEmail ? 'パスワード(初期)' : 'セルフパスワード(初期)', value: password, isSecret: true },
    ],
    notes: NOTES,
    support: [config.SUPPORT_NAME, ...config.SUPPORT_PHONE_NUMBERS, config.SUPPORT_HOURS],
  };
}
