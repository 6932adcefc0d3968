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
  /** The rate that gave the charge; undefined if the record has it, or the call is free. */
  rate_id?: number | undefined;
  /** Line of the imported file, from 1. */
  source_line: number;
  /** What identifies the call, by digestIdentity(). */
  source: string;
  /** Checksum of what the record says of the call, by computeChecksum(). */
  content: number;
  /** What version 0.1.0 stored to identify the call; only where the database has calls of that version. */
  old_source?: string | undefined;
}

/** The order of the table `calls`, which is that of a detail file. */
export const CALL_KEY = 'billing_month, contract_id, direction, phone_number_id, started_at, id';
