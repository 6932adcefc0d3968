import type { Moment, Month } from './civil-time';

/** What the calculator is told. Numbers are digits, amounts 1/100 yen, durations 0.1 s, days `2017-11-05` in Japan. */

export type Direction = 'outgoing' | 'incoming';
export type Category = 'domestic' | 'international' | 'mobile';
export type FeesColumn = 'domestic' | 'international' | 'au' | 'other_mobile';
export type UsageRow = 'general' | 'international' | 'mobile' | 'ip' | 'phs';
export type Service = 'ip050' | 'hikari';

export interface CallType {
  code: string;
  label: string;
  category: Category;
  feesColumn: FeesColumn;
  usageRow: UsageRow;
  /** Shown and summed as a count, without its duration. */
  isCounted: boolean;
}

export interface Contract {
  code: string;
  page: 'self' | 'my';
  firstDay: string;
  /** Whether フリーコール(選択)番号通知サービス is subscribed. */
  hasControlNumbers: boolean;
}

/** A telephone number of the operator's. */
export interface Line {
  number: string;
  kind: 'contract' | 'free_call';
  service: Service;
  /** The switches' name for it, if it has one. */
  alias: string;
}

/** A contract holds a number from a day to a day, both included; an empty day is no border. */
export interface Holding {
  number: string;
  contract: string;
  firstDay: string;
  lastDay: string;
}

export interface Rate {
  prefix: string;
  area: string;
  type: string;
  unitCharge: number;
  unitDuration: number;
  fromDay: string;
  connectionCharge: number;
  minimumCharge: number;
}

/** A line of the billing system's file. */
export interface BillingRecord {
  kind: 'billing';
  sourceId: string;
  number: string;
  direction: Direction;
  start: Moment;
  duration: number;
  /** Empty where the caller withheld it. */
  other: string;
  area: string;
  isInternal: boolean;
  type: string;
  charge: number;
}

/** A record of a switch, with the texts that it writes. */
export interface SwitchRecord {
  kind: 'switch';
  switch: 'asterisk' | 'freeswitch';
  id: string;
  caller: string;
  called: string;
  start: Moment;
  duration: number;
  isAnswered: boolean;
}

export type SourceRecord = BillingRecord | SwitchRecord;

/** One side of a call, as it was imported. */
export interface StoredCall {
  /** Equal for records of the same call and side, and for no others. */
  identity: string;
  /** The whole record. */
  content: string;
  batch: number;
  number: string;
  direction: Direction;
  start: Moment;
  duration: number;
  other: string;
  area: string;
  isInternal: boolean;
  type: string;
  charge: number;
}

/** All that the operator has brought in besides the calls. */
export interface Stock {
  contracts: Contract[];
  lines: Line[];
  holdings: Holding[];
  types: CallType[];
  /** Rates by the name of their tariff. */
  tariffs: Map<string, Rate[]>;
  /** How a telephone number is written, where that is not as its digits. */
  hyphenated: Map<string, string>;
}

export interface Rerating {
  month: Month;
  tariff: string;
  withTypes: boolean;
  contract?: string;
}
