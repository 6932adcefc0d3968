import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ejs from 'ejs';
import { config, projectRoot } from '../../config';
import type { IssuedAccount } from '../../models/account/account';
import { now } from '../../lib/values/clock';
import { timeLabel } from '../../lib/values/format';
import { writeLetterPdf } from './letter-pdf';

/** What stands in a welcome letter (開通通知). */
export interface WelcomeLetter extends IssuedAccount {
  contractCode: string;
  isEmail: boolean;
  /** Where to log in. */
  address: string;
  /** 2017年12月05日 */
  date: string;
  operatorName: string;
  serviceName: string;
  supportName: string;
  supportPhones: string[];
  supportHours: string;
}

/** As a customer types it: the public address, else where the portal listens itself. */
const portalAddress =
  config.PUBLIC_URL?.replace(/\/?$/, '/') ??
  `${config.isSecure ? 'https' : 'http'}://${config.HOST}:${config.PORT}/`;

export function buildWelcomeLetter(contractCode: string, account: IssuedAccount): WelcomeLetter {
  const isEmail = account.login.includes('@');
  return {
    ...account,
    contractCode,
    isEmail,
    address: isEmail ? `${portalAddress}mypage/login` : portalAddress,
    date: timeLabel(now()).replace(/ .*/, ''),
    operatorName: config.OPERATOR_NAME,
    serviceName: config.SERVICE_NAME,
    supportName: config.SUPPORT_NAME,
    supportPhones: config.SUPPORT_PHONES,
    supportHours: config.SUPPORT_HOURS,
  };
}

/** Writes a letter as an HTML page to be printed, which only this user may read. Returns its path under DATA_DIR. */
export async function writeWelcomeLetter(letter: WelcomeLetter): Promise<string> {
  const file = await prepareLetterPath(letter.login, 'html');
  const html = await ejs.renderFile(path.join(projectRoot, 'views', 'letters', 'welcome.ejs'), letter);
  await writeFile(file, html, { mode: 0o600 });
  // The mode above counts for a new file only.
  await chmod(file, 0o600);
  return file;
}

/** The same as PDF, a page for each letter. `name` is that of a login, or of a whole batch. */
export async function writeWelcomePdf(name: string, letters: WelcomeLetter[]): Promise<string> {
  const file = await prepareLetterPath(name, 'pdf');
  await writeLetterPdf(file, letters);
  await chmod(file, 0o600);
  return file;
}

async function prepareLetterPath(name: string, ending: string): Promise<string> {
  const folder = path.join(config.DATA_DIR, 'letters');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return path.join(folder, `${name.replace(/[^A-Za-z0-9@._-]/g, '_')}.${ending}`);
}
