import { toJstDay } from '../../../lib/values/jst';
import { explainNoHolder, type KnownLine, type LineLookup } from '../../../models/contract/line-lookup';
import { EXTERNAL, INCOMING, INTERNAL, OUTGOING } from '../../../models/call/new-call';
import type { CallType } from '../../../models/call/call-type';
import { normaliseTelephone } from '../../../models/phone-number/parse-phone-number';
import type { NamedCallFormat } from '../format/load';
import { compileCharge } from '../format/values/amount';
import { compileMap, compileText, type FindColumn, type TextValue, toArray } from '../format/values/text';
import { LineRejection } from '../source/rejected-lines';
import {
  type CallContext,
  type CallsReader,
  checksumRecord,
  compileCallTimes,
  compileIdentity,
  compileOldSourceId,
  digestOldSource,
  priceCall,
} from './call-parts';

const DIRECTIONS = new Map([
  ['outgoing', OUTGOING],
  ['incoming', INCOMING],
]);
const LINE_CLASSES = new Map([
  ['external', EXTERNAL],
  ['', EXTERNAL],
  ['internal', INTERNAL],
]);

/** Reads records as a billing system writes them: a number of ours, and whether it called or was called. */
export function compileBillingRecords(format: NamedCallFormat, findColumn: FindColumn): CallsReader {
  const compileColumn = (values: TextValue | TextValue[] | undefined) =>
    compileText(toArray(values), findColumn);
  const [readNumber, readOther] = [compileColumn(format.number), compileColumn(format.other_number)];
  const [readArea, readType] = [compileColumn(format.area), compileColumn(format.call_type)];
  const readDirection = compileMap(compileColumn(format.direction), 'direction', DIRECTIONS);
  const readClass = compileMap(compileColumn(format.line_class), 'line_class', LINE_CLASSES);
  const hasTypes = format.call_type !== undefined;
  const identify = compileIdentity(format, findColumn);
  const readOldId = compileOldSourceId(format, findColumn);
  const readTimes = compileCallTimes(format, findColumn);
  const readCharge = compileCharge(toArray(format.charge), findColumn);
  return (fields, context) => {
    const { started_at, duration } = readTimes(fields, context.timezone);
    const phoneLine = findLine(readNumber(fields), toJstDay(started_at), context.lineLookup);
    const direction = readDirection(fields);
    const other_number = readOtherNumber(readOther(fields), direction === OUTGOING);
    const call = {
      contract_id: phoneLine.contract_id,
      phone_number_id: phoneLine.phone_number_id,
      direction,
      started_at,
      duration,
      other_number,
      area: readArea(fields),
      line_class: readClass(fields),
      call_type: hasTypes ? readCallType(readType(fields), context) : undefined,
      charge: readCharge(fields),
      source_line: 0,
      content: 0,
      source: identify(fields, direction === OUTGOING ? 'caller' : 'called', context),
      old_source: digestOldSource(
        format,
        readOldId(fields)(started_at, phoneLine.number, other_number),
        {
          started_at,
        },
        context,
      ),
    };
    call.content = checksumRecord(call);
    return [priceCall(call, context)];
  };
}

function findLine(number: string, day: number, lineLookup: LineLookup): KnownLine {
  const phoneLine = lineLookup.find(number, day);
  if (phoneLine) return phoneLine;
  const known = lineLookup.findName(number);
  throw new LineRejection(
    known
      ? explainNoHolder([known.name], day)
      : `number: ${number || '(empty)'} is not a number of any contract`,
  );
}

/** A caller may withhold the number; a number that we called is always known. */
function readOtherNumber(text: string, isOutgoing: boolean): string {
  const { digits, reason } = normaliseTelephone(text);
  if (digits === undefined && isOutgoing) throw new LineRejection(`other_number: ${reason}`);
  return digits ?? '';
}

/** Undefined if the record leaves it to the tariff or the numbering plan. */
function readCallType(text: string, { callTypes }: CallContext): CallType | undefined {
  const type = callTypes.find(text);
  if (!type && text !== '') throw new LineRejection(`call_type: there is no call type ${text}`);
  return type;
}
