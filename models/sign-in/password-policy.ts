import { randomInt } from 'node:crypto';
import { dictionary } from '@zxcvbn-ts/language-common';
import { config } from '../../config';
import type { Area } from './area';

/** The rule for a new password, and the words that tell a customer so. */
export interface PasswordRule {
  /** The label of the field, and the hint in brackets behind it. */
  ask: string;
  hint: string;
  /** One sentence for each rule that the password breaks. */
  findViolations(password: string): string[];
}

const guideRule: PasswordRule = {
  ask: '新しいセルフパスワードを半角の英数字で、英字と数字の両方を含んだ形で入力してください',
  hint: '(4~8文字、半角英字と半角数字の混在)',
  findViolations: (password) => [
    ...(password.length < 4 || password.length > 8 ? ['4~8文字で入力してください'] : []),
    ...(/^[A-Za-z0-9]*$/.test(password) ? [] : ['半角の英数字だけで入力してください']),
    ...(/[A-Za-z]/.test(password) && /\d/.test(password) ? [] : ['英字と数字の両方を含めてください']),
  ],
};

const createLongRule = (ask: string, hint: string, allowed: RegExp, onlyAllowed: string): PasswordRule => ({
  ask,
  hint,
  findViolations: (password) => [
    ...(/^.{8,64}$/su.test(password) ? [] : ['8~64文字で入力してください']),
    ...(allowed.test(password) ? [] : [onlyAllowed]),
    ...(commonPasswords.has(password.toLowerCase())
      ? ['推測されやすいため、別のパスワードを入力してください']
      : []),
  ],
});

const modernRule = createLongRule(
  '新しいセルフパスワードを入力してください',
  '(8~64文字、すべての文字が使えます。よく使われるパスワードは設定できません)',
  /^\P{Cc}*$/u,
  '使えない文字が含まれています',
);

/** The passwords that an attacker tries first. */
const commonPasswords = new Set<string>(dictionary['passwords-common']);

/** The rule of the self page, by SELF_PASSWORD_RULE. */
export const selfPagePasswordRule: PasswordRule =
  config.SELF_PASSWORD_RULE === 'guide' ? guideRule : modernRule;

/** The rule of the my page: 8 to 64 characters of printable ASCII. */
export const myPagePasswordRule = createLongRule(
  '新しいパスワードを入力してください',
  '(8~64文字、半角英数字と記号。よく使われるパスワードは設定できません)',
  /^[ -~]*$/,
  '半角の英数字と記号だけで入力してください',
);

/** Characters that cannot be mistaken for others on paper. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz';
const DIGITS = '23456789';

const pickCharacters = (from: string, length: number): string =>
  Array.from({ length }, () => from.charAt(randomInt(from.length))).join('');

/** A first password within the rule: 8 characters for a Self ID (letters and digits both), 14 for an e-mail login. */
export function generatePassword(area: Area): string {
  const password = pickCharacters(LETTERS + DIGITS, area === 'selfpage' ? 8 : 14);
  return /[a-z]/.test(password) && /\d/.test(password) ? password : generatePassword(area);
}
