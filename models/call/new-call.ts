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
  /** Digits as stored; empty where the caller withheld it. */
  other_number: string;
  /** Where it is empty the numbering library's name is taken. */
  area: string;
  /** EXTERNAL or INTERNAL */
  line_class: number;
  call_type: CallType;
  /** 1/100 yen */
  charge: number;
  /** 16 bytes, a character each: the digest of the switch and its id of the call. */
  source: string;
}
