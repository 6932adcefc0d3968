import type { BulkColumn } from '../../lib/database/bulk-rows';
import type { CallType } from './call-type';

export const OUTGOING = 0;
export const INCOMING = 1;
export const EXTERNAL = 0;
export const INTERNAL = 1;

/** A call that was checked, normalised and rated, on its way to the table `calls`. */
export interface NewCall {
  contract_id: number;
  phone_number_id: number;
  /** OUTGOING or INCOMING */
  direction: number;
  /** 0.1 s since the epoch */
  started_at: number;
  /** 0.1 s */
  duration: number;
  /** Digits as stored; empty if the caller withheld the number. */
  other_number: string;
  /** If it is empty, the import takes the numbering library's name. */
  area: string;
  /** EXTERNAL or INTERNAL */
  line_class: number;
  call_type: CallType;
  /** 1/100 yen */
  charge: number;
  /** 16 bytes, a character each: the digest of the switch and its id of the call. */
  source: string;
}

/** The columns of `calls` in the order in which imports write them. */
export const CALL_COLUMNS: readonly BulkColumn[] = [
  { name: 'id', kind: 'bigint', width: 16 },
  { name: 'contract_id', kind: 'integer', width: 10 },
  { name: 'billing_month', kind: 'integer', width: 6 },
  { name: 'direction', kind: 'integer', width: 1 },
  { name: 'phone_number_id', kind: 'integer', width: 10 },
  { name: 'started_at', kind: 'bigint', width: 12 },
  { name: 'duration', kind: 'integer', width: 9 },
  { name: 'other_number', kind: 'text', width: 20 },
  { name: 'hyphens', kind: 'integer', width: 2 },
  { name: 'area_id', kind: 'integer', width: 10 },
  { name: 'line_class', kind: 'integer', width: 1 },
  { name: 'call_type_id', kind: 'integer', width: 10 },
  { name: 'charge', kind: 'bigint', width: 12 },
  { name: 'source', kind: 'bytes', width: 18 },
];

/** The order of the table `calls`, which is that of a detail file. */
export const CALL_KEY = 'contract_id, billing_month, direction, phone_number_id, started_at, id';
