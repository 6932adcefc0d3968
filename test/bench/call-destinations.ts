/** A kind of number that customers call: how it begins, and how many digits follow. */
export interface Destination {
  prefix: string;
  digits: number;
  area: string;
  /** Code of the call type. */
  type: string;
  /** 1/100 yen for each unit begun. */
  unitCharge: number;
  /** Seconds. */
  unitSeconds: number;
  /** How many of a hundred calls. */
  share: number;
}

type DestinationRow = [string, number, string, string, number, number, number];

/** Roughly as a Japanese office calls: half of it by area code, most of the rest mobiles. */
const rows: DestinationRow[] = [
  ['03', 8, '東京', 'domestic', 800, 180, 18],
  ['06', 8, '大阪', 'domestic', 800, 180, 9],
  ['045', 7, '横浜', 'domestic', 800, 180, 6],
  ['052', 7, '名古屋', 'domestic', 800, 180, 5],
  ['092', 7, '福岡', 'domestic', 800, 180, 4],
  ['011', 7, '札幌', 'domestic', 800, 180, 4],
  ['075', 7, '京都', 'domestic', 800, 180, 3],
  ['0466', 6, '藤沢', 'domestic', 800, 180, 2],
  ['0558', 6, '修善寺大仁', 'domestic', 800, 180, 1],
  ['050', 8, 'IP電話', 'ip', 800, 180, 7],
  ['090', 8, '携帯電話', 'mobile', 1750, 60, 16],
  ['080', 8, '携帯電話', 'mobile', 1750, 60, 12],
  ['0801', 7, '携帯電話', 'mobile_au', 1650, 60, 5],
  ['0120', 6, 'フリーコール', 'free', 0, 60, 3],
  ['0570', 6, 'ナビ接続', 'special', 1000, 180, 2],
  ['1212', 7, 'アメリカ合衆国', 'international', 900, 60, 1],
  ['86', 11, '中華人民共和国', 'international', 3000, 60, 1],
  ['104', 0, '番号案内', 'directory', 6000, 60, 1],
];

export const destinations: readonly Destination[] = rows.map(
  ([prefix, digits, area, type, unitCharge, unitSeconds, share]) => ({
    ...{ prefix, digits, area, type, unitCharge, unitSeconds, share },
  }),
);

/** Each as often as its share: to pick one at random is one look into it. */
export const sharedDestinations: readonly Destination[] = destinations.flatMap((destination) =>
  Array.from({ length: destination.share }, () => destination),
);

/** International numbers are dialled with 010. */
export const toDialled = (number: string, { type }: Destination): string =>
  type === 'international' ? `010${number}` : number;

/**
 * The tariff of these destinations. All of Japan has one rate, whose areas the tariff leaves to the numbering plan; in
 * mid-month mobiles become cheaper.
 */
export function buildTariffLines(midMonth: string): string[] {
  const START = '2000-01-01';
  const byPrefix = destinations.filter(({ type }) => type !== 'domestic');
  return [
    'prefix,area,call_type,yen_per_unit,unit_seconds,from_date',
    `0,,domestic,8.00,180,${START}`,
    ...byPrefix.map(
      ({ prefix, area, type, unitCharge, unitSeconds }) =>
        `${prefix},${area},${type},${(unitCharge / 100).toFixed(2)},${unitSeconds},${START}`,
    ),
    ...byPrefix
      .filter(({ type }) => type.startsWith('mobile'))
      .map(({ prefix, area, type }) => `${prefix},${area},${type},15.50,60,${midMonth}`),
  ];
}
