import { config } from '../config';
import { now } from '../lib/values/clock';
import * as format from '../lib/values/format';
import * as months from '../models/billing/month-label';
import { labels } from '../models/call/labels';
import { formatPhoneNumber } from '../models/phone-number/phone-number-format';
import { LOGO_URL, getPublicUrl } from './middleware/public-files';

/** 0120-000-000(無料) as its number, the digits to dial, and the words in brackets. */
const supportPhones = config.SUPPORT_PHONE_NUMBERS.map((phone) => {
  const [, number = phone, kind = ''] = /^([^(]+)(\(.*\))?$/.exec(phone) ?? [];
  return { number, kind, digits: number.replace(/\D/g, '') };
});

/** Shared by all views: formats, labels and the operator's names. */
export const viewLocals = {
  ...format,
  ...months,
  labels,
  showTelephone: formatPhoneNumber,
  printedAt: () => format.timeLabel(now()),
  operatorName: config.OPERATOR_NAME,
  operatorShortName: config.OPERATOR_SHORT_NAME,
  publicAddress: getPublicUrl,
  logoAddress: LOGO_URL,
  serviceName: config.SERVICE_NAME,
  supportName: config.SUPPORT_NAME,
  supportPhones,
  supportHours: config.SUPPORT_HOURS,
  termsTitle: config.TERMS_TITLE,
  fileKeepHours: config.DETAIL_FILE_RETENTION_HOURS,
};
