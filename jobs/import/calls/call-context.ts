import { hash } from 'node:crypto';
import type { CallType } from '../../../models/call/call-type';
import type { LineLookup } from '../../../models/contract/line-lookup';
import type { RateTable } from '../../../models/rating/rate-table';

/** What all formats need to know to read a record. */
export interface CallContext {
  lineLookup: LineLookup;
  callTypes: CallTypeList;
  /** The tariff for records without a charge. */
  rates?: RateTable;
  /** Of times that are written without a zone. */
  timezone: string;
}

/** The call types by their codes, labels and ids. */
export class CallTypeList {
  private readonly byName = new Map<string, CallType>();
  private readonly byId = new Map<number, CallType>();

  constructor(types: CallType[]) {
    for (const type of types) this.byName.set(type.label, type);
    for (const type of types) {
      this.byName.set(type.code, type);
      this.byId.set(type.id, type);
    }
  }

  find(name: string): CallType | undefined {
    return this.byName.get(name);
  }

  /** @throws Error where there is none: rates and usual types always have theirs. */
  get(name: string | number): CallType {
    const type = typeof name === 'number' ? this.byId.get(name) : this.byName.get(name);
    if (!type) throw new Error(`There is no call type ${name}`);
    return type;
  }
}

/** The unique source of a call: 16 bytes, a character each, that stand for the family of formats and its id of the call. */
export const buildCallSource = (family: string, id: string): string =>
  hash('sha256', `${family}\0${id}`, 'binary').slice(0, 16);
