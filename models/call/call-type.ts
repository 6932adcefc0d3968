import { db, type Queryable } from '../../lib/database/db';

export const CATEGORIES = ['domestic', 'international', 'mobile'] as const;
export const FEES_COLUMNS = ['domestic', 'international', 'au', 'other_mobile'] as const;
export const USAGE_ROWS = ['general', 'international', 'mobile', 'ip', 'phs'] as const;

/** The class of a call type on the charges pages: 国内, 国際, 携帯/PHS. */
export type Category = (typeof CATEGORIES)[number];
export type FeesColumn = (typeof FEES_COLUMNS)[number];
export type UsageRow = (typeof USAGE_ROWS)[number];

/** A row of the table `call_types` (呼種別). */
export interface CallType {
  id: number;
  code: string;
  label: string;
  category: Category;
  fees_column: FeesColumn;
  usage_row: UsageRow;
  /** Counted, not timed: 番号案内. PostgreSQL gives a boolean, SQLite 0 or 1. */
  counted: boolean | number;
}

export const listCallTypes = (on: Queryable = db): Promise<CallType[]> =>
  on<CallType>('call_types').orderBy('id');
