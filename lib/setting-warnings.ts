import { settingWarnings } from '../config';

/** Says on standard error which settings were given under an old name, for the start of a program. */
export function printSettingWarnings(): void {
  for (const warning of settingWarnings) process.stderr.write(`meisai: ${warning}\n`);
}
