import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ejs from 'ejs';
import { config, projectRoot } from '../config';
import type { IssuedAccount } from '../models/account';
import { now } from '../models/clock';
import { timeLabel } from '../models/format';

/** As a customer types it: where the portal listens itself. */
const portalAddress = `${config.isSecure ? 'https' : 'http'}://${config.HOST}:${config.PORT}/`;

/**
 * Writes the welcome letter (開通通知) of a new login as an HTML page to be printed, which only this user may read.
 * Returns its path under DATA_DIR.
 */
export async function writeWelcomeLetter(contractCode: string, account: IssuedAccount): Promise<string> {
  const folder = path.join(config.DATA_DIR, 'letters');
  const file = path.join(folder, `${account.login.replace(/[^A-Za-z0-9@._-]/g, '_')}.html`);
  const isEmail = account.login.includes('@');
  const html = await ejs.renderFile(path.join(projectRoot, 'views', 'letters', 'welcome.ejs'), {
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
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, html, { mode: 0o600 });
  // The mode above counts for a new file only.
  await chmod(file, 0o600);
  return file;
}
