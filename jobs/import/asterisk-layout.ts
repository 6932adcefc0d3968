/** The fields of an Asterisk record that matter here. */
export interface AsteriskRecord {
  accountCode: string;
  src: string;
  dst: string;
  channel: string;
  dstChannel: string;
  start: string;
  answer: string;
  /** Seconds. */
  billsec: string;
  disposition: string;
  uniqueId: string;
  sequence: string;
}

const FEWEST = 16;
const MOST = 19;
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;

/** Layouts of cdr_csv by their last columns; where the start stands tells them apart. */
const newer = [
  'clid,src,dst,dcontext,channel,dstChannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition',
  'amaflags,accountCode,uniqueId,userfield,sequence',
];
const older = [
  'accountCode,src,dst,dcontext,clid,channel,dstChannel,lastapp,lastdata,start,answer,end,duration,billsec',
  'disposition,amaflags,uniqueId,userfield,sequence',
];
const placesOf = (names: string[]) =>
  new Map(
    names
      .join(',')
      .split(',')
      .map((name, place) => [name, place]),
  );
const newerPlaces = placesOf(newer);
const olderPlaces = placesOf(older);

/** Reads 16 to 19 columns of either generation: the older one begins with the account code. Undefined for others. */
export function readAsteriskRecord(fields: string[]): AsteriskRecord | undefined {
  if (fields.length < FEWEST || fields.length > MOST) return undefined;
  const places = [newerPlaces, olderPlaces].find((known) =>
    TIME.test(fields[known.get('start') ?? -1] ?? ''),
  );
  if (!places) return undefined;
  const field = (name: keyof AsteriskRecord) => fields[places.get(name) ?? -1]?.trim() ?? '';
  return {
    accountCode: field('accountCode'),
    src: field('src'),
    dst: field('dst'),
    channel: field('channel'),
    dstChannel: field('dstChannel'),
    start: field('start'),
    answer: field('answer'),
    billsec: field('billsec'),
    disposition: field('disposition'),
    uniqueId: field('uniqueId'),
    sequence: field('sequence'),
  };
}

/** `client1` of PJSIP/client1-00000002, `100` of Local/100@default-0000001f;2 */
export function peerOf(channel: string): string {
  const name = channel.slice(channel.indexOf('/') + 1).replace(/;\d$/, '');
  return name.replace(/-[^-]*$/, '').replace(/@.*$/, '');
}
