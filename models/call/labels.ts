import type { Category, FeesColumn, UsageRow } from './call-type';

/** The words for calls and their charges, each once: screens, detail files, imports and reports read them here. */

const DOMESTIC = '国内通話';
const INTERNATIONAL = '国際通話';
const CALL_DETAILS = '通話明細';

/** The classes of the charges pages. */
const category: Record<Category, string> = {
  domestic: DOMESTIC,
  international: INTERNATIONAL,
  mobile: '携帯/PHS通話',
};

/** The columns of the file of charges, in full width where the guide has them so. */
const feesColumn: Record<FeesColumn, string> = {
  domestic: DOMESTIC,
  international: INTERNATIONAL,
  au: 'ａｕ通話',
  other_mobile: 'その他移動体',
};

/** The rows of the my page. */
const usageRow: Record<UsageRow, string> = {
  general: '一般通話',
  international: INTERNATIONAL,
  mobile: '携帯通話',
  ip: 'IP通話',
  phs: 'PHS通話',
};

export const labels = {
  category,
  feesColumn,
  usageRow,
  /** The incoming calls that earn the discount 着割. */
  discountedCalls: '着割対象通話',
  /** A call from the customer's number, and one to it. */
  outgoing: '発信',
  incoming: '着信',
  /** Stands for the number of a caller who withheld it. */
  withheld: '非通知',
  internal: '内線',
  external: '外線',
  /** Stands for the duration of a call that is counted, not timed. */
  counted: '1件',
  /** Whether a month's charges can still change. */
  final: '確定',
  provisional: '速報',
  /** The two detail files, as buttons, lists and file names call them. */
  file: { fees: '電話番号別ご利用料金', calls: CALL_DETAILS },
  /** The same files in 月別明細(…): the guide's pages of the files leave 電話番号別 out. */
  fileHeading: { fees: 'ご利用料金', calls: CALL_DETAILS },
  telegrams: '電報明細',
};
