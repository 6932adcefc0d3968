/** Whom calls go to and come from: the first digits, how many follow, where the hyphens stand, and what it is. */
export interface Destination {
  prefix: string;
  digits: number;
  /** The lengths of the groups before the last; none where the number has no hyphens. */
  groups: number[];
  area: string;
  type: string;
  /** Yen for a unit, and its seconds. */
  yen: string;
  seconds: string;
  canCall: boolean;
}

const createDestination = (
  [prefix, digits, groups, area, type]: [string, number, number[], string, string],
  yen: string,
  seconds: string,
  canCall = true,
): Destination => ({ prefix, digits, groups, area, type, yen, seconds, canCall });

export const destinations: Destination[] = [
  createDestination(['031234', 4, [2, 4], '東京', 'domestic'], '8.00', '180'),
  createDestination(['066543', 4, [2, 4], '大阪,北', 'domestic'], '8.50', '180'),
  createDestination(['045201', 4, [3, 3], '=横浜', 'domestic'], '0.12', '0.5'),
  createDestination(['0499221', 3, [5, 1], '𠮷野島', 'domestic'], '8.00', '90.5'),
  createDestination(['050123', 5, [3, 4], 'IP電話', 'ip'], '0', '180'),
  createDestination(['090123', 5, [3, 4], '携帯電話', 'mobile'], '14.50', '60'),
  createDestination(['080123', 5, [3, 4], '携帯電話', 'mobile_au'], '14.01', '60'),
  createDestination(['080130', 5, [3, 4], '携帯電話', 'mobile_au_flat'], '0', '60'),
  createDestination(['070123', 5, [3, 4], '携帯電話', 'phs'], '10.25', '60'),
  createDestination(['0120123', 3, [4, 3], 'フリーコール', 'free'], '0', '60', false),
  createDestination(['057001', 4, [4, 3], 'ナビ接続', 'special'], '10.00', '180', false),
  createDestination(['104', 0, [], '番号案内', 'directory'], '60.00', '60', false),
  createDestination(['177', 0, [], '天気予報', 'weather'], '10.55', '60', false),
  createDestination(['1415555', 4, [], 'アメリカ合衆国本土およびハワイ', 'international'], '9.00', '60'),
  createDestination(['44207946', 4, [], 'イギリス', 'international'], '10.33', '6'),
  createDestination(['8816123', 4, [], '衛星"通話"', 'satellite'], '65.05', '300.5'),
];

export function writeHyphens(digits: string, [first, second]: number[]): string {
  if (first === undefined || second === undefined) return digits;
  return [digits.slice(0, first), digits.slice(first, first + second), digits.slice(first + second)].join(
    '-',
  );
}
