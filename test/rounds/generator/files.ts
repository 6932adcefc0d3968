import { type Moment, writeClock, writeDay } from '../calculator/civil-time';
import type {
  BillingRecord,
  CallType,
  Contract,
  Line,
  Rate,
  SourceRecord,
  Stock,
  SwitchRecord,
} from '../calculator/records';

/** The files that an operator brings in. */

type Cell = string | number | boolean;

const writeCell = (cell: Cell): string =>
  /[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);

const writeLines = (lines: Cell[][]): string =>
  `${lines.map((cells) => cells.map(writeCell).join()).join('\n')}\n`;

/** 8.50 from 1/100 yen, and 6.6 from 0.1 s. */
const writeFraction = (value: number, digits: number): string => (value / 10 ** digits).toFixed(digits);

export const writeContracts = (contracts: readonly Contract[]): string =>
  writeLines([
    [
      ...['contract_code', 'customer_number', 'service', 'channels', 'extra_dialin_numbers', 'start_date'],
      ...['connection_type', 'primary_dns', 'secondary_dns', 'options'],
    ],
    ...contracts.map(({ code, page, firstDay, hasControlNumbers }) => [
      ...[
        code,
        `C${code}`,
        page === 'self' ? 'autocall' : 'ip050',
        1,
        0,
        firstDay,
        'IP',
        '192.0.2.53',
        '192.0.2.54',
      ],
      hasControlNumbers ? 'free_call_number_notice' : '',
    ]),
  ]);

export const writeNumbers = ({ lines, holdings }: Stock): string =>
  writeLines([
    ['contract_code', 'number', 'kind', 'aliases', 'service'],
    ...lines.map(({ number, kind, alias, service }: Line) => {
      const holding = holdings.find((one) => one.number === number);
      return [holding?.contract ?? '', number, kind, alias, service];
    }),
  ]);

export const writeCallTypes = (types: readonly CallType[]): string =>
  writeLines([
    ['code', 'label', 'category', 'fees_column', 'usage_row', 'counted'],
    ...types.map(({ code, label, category, feesColumn, usageRow, isCounted }) => [
      ...[code, label, category, feesColumn, usageRow, isCounted],
    ]),
  ]);

export const writeTariff = (rates: readonly Rate[]): string =>
  writeLines([
    [
      'prefix',
      'area',
      'call_type',
      'yen_per_unit',
      'unit_seconds',
      'from_date',
      'connection_charge',
      'minimum_charge',
    ],
    ...rates.map((rate) => [
      ...[rate.prefix, rate.area, rate.type, writeFraction(rate.unitCharge, 2)],
      ...[writeFraction(rate.unitDuration, 1), rate.fromDay],
      ...[writeFraction(rate.connectionCharge, 2), writeFraction(rate.minimumCharge, 2)],
    ]),
  ]);

/** A file of calls of one format. */
export function writeCalls(records: readonly SourceRecord[]): string {
  const billing = records.filter((record) => record.kind === 'billing');
  if (billing.length > 0) return writeBillingRecords(billing);
  const ofSwitch = records.filter((record) => record.kind === 'switch');
  return ofSwitch[0]?.switch === 'asterisk'
    ? writeLines(ofSwitch.map(toAsteriskCells))
    : `[${ofSwitch.map((record) => JSON.stringify(toFreeswitchObject(record))).join(',\n')}]\n`;
}

const writeBillingRecords = (records: BillingRecord[]): string =>
  writeLines([
    [
      ...['source_id', 'number', 'direction', 'started_at', 'duration', 'other_number', 'area', 'line_class'],
      ...['call_type', 'charge'],
    ],
    ...records.map(
      ({ sourceId, number, direction, start, duration, other, area, isInternal, type, charge }) => [
        ...[
          sourceId,
          number,
          direction,
          writeInZone(start, sourceId),
          writeFraction(duration, 1),
          other,
          area,
        ],
        ...[isInternal ? 'internal' : 'external', type, writeFraction(charge, 2)],
      ],
    ),
  ]);

const HOUR = 36_000;
const ZONES: [string, number][] = [
  ['+09:00', 0],
  ['Z', 9 * HOUR],
  ['-05:00', 14 * HOUR],
];

/** 2017-11-05T01:00:00.5Z: the last digit of the id says in which zone. */
function writeInZone(start: Moment, sourceId: string): string {
  const [zone = '', behind = 0] = ZONES[Number(sourceId.slice(-1)) % ZONES.length] ?? [];
  return `${writeDay(start - behind)}T${writeClock(start - behind)}${zone}`;
}

/** cdr_csv of Asterisk: whole seconds of Japan's time. */
function toAsteriskCells({ id, caller, called, start, duration, isAnswered }: SwitchRecord): Cell[] {
  const writeTime = (moment: Moment) => `${writeDay(moment)} ${writeClock(moment).slice(0, 8)}`;
  const end = writeTime(start + duration);
  const seconds = duration / 10;
  return [
    ...['', caller, called, 'from-internal', 'SIP/trunk-00000001', 'SIP/trunk-00000002', 'Dial', 'x'],
    ...[
      writeTime(start - 50),
      isAnswered ? writeTime(start) : '',
      end,
      seconds + 5,
      isAnswered ? seconds : 0,
    ],
    ...[isAnswered ? 'ANSWERED' : 'NO ANSWER', 'DOCUMENTATION', '', id, '', 1],
  ];
}

/** mod_json_cdr of FreeSWITCH: microseconds since the epoch. */
function toFreeswitchObject({ id, caller, called, start, duration, isAnswered }: SwitchRecord): object {
  const writeEpoch = (moment: Moment) => String((moment - 9 * HOUR) * 100_000);
  return {
    variables: {
      uuid: id,
      answer_uepoch: isAnswered ? writeEpoch(start) : '0',
      end_uepoch: writeEpoch(start + duration),
      billusec: isAnswered ? String(duration * 100_000) : '0',
    },
    callflow: [{ caller_profile: { caller_id_number: caller, destination_number: called } }],
  };
}
