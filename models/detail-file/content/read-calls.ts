import { isPostgres, type Queryable } from '../../../lib/database/db';
import type { BillingMonth } from '../../billing/month';
import { copyCalls } from './copy-calls';
import { fetchCalls } from './fetch-calls';

/** The outgoing calls of some of a contract's numbers in a month. */
export interface CallQuery {
  contractId: number;
  month: BillingMonth;
  /** Ids of telephone numbers, in the order of the file. */
  numbers: number[];
  /** How many calls are fetched at once, where the database does not stream. */
  atOnce: number;
}

/** Gives the calls in the order of the file, as CallCursor reads them: in blocks of whole lines. */
export const readCalls = (snapshot: Queryable, wanted: CallQuery): AsyncIterable<Uint8Array> =>
  isPostgres ? copyCalls(snapshot, wanted) : fetchCalls(snapshot, wanted);
