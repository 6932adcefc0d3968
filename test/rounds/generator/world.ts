import type { SeededRandom } from '../../../jobs/demo/seeded-random';
import { getFirstDay, listMonthsBefore, type Moment, readMoment } from '../calculator/civil-time';
import type { CallType, Contract, Holding, Line, Rate, Stock } from '../calculator/records';
import { features } from '../features';
import { destinations, writeHyphens } from './destinations';

/** What a round begins with: the operator's contracts, numbers, types and tariff, and the moment at which it is. */
export interface World {
  /** Japan's time. */
  now: string;
  stock: Stock;
}

const TIMES = [
  '2017-12-05 13:20:00',
  '2018-01-31 23:50:00',
  '2018-03-01 00:00:30',
  '2016-03-31 08:00:00',
  '2018-07-01 12:00:00',
];

const createType = (
  [code, label]: [string, string],
  [category, feesColumn, usageRow]: [CallType['category'], CallType['feesColumn'], CallType['usageRow']],
  isCounted = false,
): CallType => ({ code, label, category, feesColumn, usageRow, isCounted });

/** The types that a new installation has. */
const listFirstTypes = (): CallType[] => [
  createType(['domestic', '国内呼'], ['domestic', 'domestic', 'general']),
  createType(['ip', 'IP間呼'], ['domestic', 'domestic', 'ip']),
  createType(['directory', '番号案内'], ['domestic', 'domestic', 'general'], true),
  createType(['special', '特番呼'], ['domestic', 'domestic', 'general']),
  createType(['free', 'フリーコール呼'], ['domestic', 'domestic', 'general']),
  createType(['mobile_au', '携帯呼(au)'], ['mobile', 'au', 'mobile']),
  createType(['mobile_au_flat', '携帯呼(au定額)'], ['mobile', 'au', 'mobile']),
  createType(['mobile', '携帯呼'], ['mobile', 'other_mobile', 'mobile']),
  createType(['phs', 'PHS呼'], ['mobile', 'other_mobile', 'phs']),
  createType(['international', '国際呼'], ['international', 'international', 'international']),
];

/** The operator's own types. */
export const listOwnTypes = (): CallType[] => [
  createType(['weather', '天気,時報'], ['domestic', 'domestic', 'general'], true),
  createType(['satellite', '=衛星呼'], ['international', 'other_mobile', 'mobile']),
  createType(['meeting', `会議${'とても'.repeat(15)}長い名前`], ['mobile', 'international', 'ip']),
];

export function createWorld(seed: number, random: SeededRandom): World {
  const now = random.pick(TIMES);
  const contracts = createContracts(seed, random, readMoment(now));
  const lines: Line[] = [];
  const holdings: Holding[] = [];
  const hyphenated = new Map<string, string>();
  const addLine = (
    contract: Contract,
    kind: Line['kind'],
    service: Line['service'],
    number: string,
    groups: number[],
  ) => {
    const alias =
      service === 'ip050' && kind === 'contract' && random.pickBetween(0, 2) === 0
        ? `desk${lines.length}`
        : '';
    lines.push({ number, kind, service, alias });
    holdings.push({ number, contract: contract.code, firstDay: contract.firstDay, lastDay: '' });
    hyphenated.set(number, writeHyphens(number, groups));
  };
  for (const contract of contracts) {
    const numbers = random.pickBetween(1, 3);
    for (let place = 0; place < numbers; place += 1)
      addLine(
        contract,
        'contract',
        'ip050',
        `0505511${random.pickBetween(0, 9)}${padThree(lines.length)}`,
        [3, 4],
      );
    if (contract.page === 'self' && random.pickBetween(0, 1) === 0)
      addLine(contract, 'free_call', 'ip050', `0120444${padThree(lines.length)}`, [4, 3]);
    if (contract.page === 'my' && random.pickBetween(0, 1) === 0)
      addLine(
        contract,
        'contract',
        'hikari',
        `033200${random.pickBetween(1, 9)}${padThree(lines.length)}`,
        [2, 4],
      );
  }
  moveNumber(holdings, contracts, random, readMoment(now));
  const tariffs = new Map([['base', createRates(random, readMoment(now))]]);
  const types = [...listFirstTypes(), ...listOwnTypes()];
  return { now, stock: { contracts, lines, holdings, types, tariffs, hyphenated } };
}

/** Every other round the first contract's first number goes to the second contract, on a day of the months shown. */
function moveNumber(holdings: Holding[], contracts: Contract[], random: SeededRandom, now: Moment): void {
  const [from, to] = contracts;
  const moved = holdings.find(({ contract }) => contract === from?.code);
  const [month = 0] = [listMonthsBefore(now, 4)[random.pickBetween(0, 3)]];
  const firstDay = getFirstDay(month).replace(/..$/, String(random.pickBetween(10, 27)));
  if (!moved || !to || firstDay < to.firstDay || random.pickBetween(0, 1) === 0) return;
  moved.lastDay = firstDay.replace(/..$/, (day) => String(Number(day) - 1).padStart(2, '0'));
  holdings.push({ number: moved.number, contract: to.code, firstDay, lastDay: '' });
}

const padThree = (value: number): string => String(value).padStart(3, '0');

function createContracts(seed: number, random: SeededRandom, now: Moment): Contract[] {
  const createContract = (code: string, page: Contract['page'], firstDay: string): Contract => ({
    ...{ code: `${code}${seed}`, page, firstDay },
    hasControlNumbers: features.hidesControlNumbers && page === 'self' && random.pickBetween(0, 1) === 0,
  });
  const laterMonth = listMonthsBefore(now, 4)[random.pickBetween(0, 3)] ?? 0;
  return [
    createContract('d10', 'self', '2010-11-15'),
    createContract('d20', 'self', random.pickBetween(0, 1) === 0 ? getFirstDay(laterMonth) : '2012-02-29'),
    createContract('N30', 'my', '2011-04-01'),
    ...(random.pickBetween(0, 1) === 0 ? [createContract('N40', 'my', '2011-04-30')] : []),
  ];
}

/**
 * A tariff for all destinations and for the operator's own numbers; some rates change within the months shown. A call of
 * 1,000 hours stays below a million yen, which no file could write.
 */
export function createRates(random: SeededRandom, now: Moment, changeType = (type: string) => type): Rate[] {
  const months = listMonthsBefore(now, 4);
  const createRate = (prefix: string, area: string, type: string, yen: string, seconds: string): Rate => ({
    ...{ prefix, area, type: changeType(type), fromDay: '2000-01-01' },
    unitCharge: Math.round(Number(yen) * 100),
    unitDuration: Math.round(Number(seconds) * 10),
    connectionCharge: random.pick([0, 0, 0, 350]),
    minimumCharge: random.pick([0, 0, 0, 1234]),
  });
  const rates = destinations.map(({ prefix, area, type, yen, seconds }) =>
    createRate(prefix, area, type, yen, seconds),
  );
  const own = [
    createRate('0505511', 'IP電話', 'ip', random.pick(['0', '8.00']), '180'),
    createRate('0120444', 'フリーコール', 'free', '0', '60'),
    createRate('0332', '東京', 'domestic', '8.00', '180'),
  ];
  const changed = [...rates, ...own]
    .filter(() => random.pickBetween(0, 3) === 0)
    .map((rate) => ({
      ...rate,
      fromDay: getFirstDay(random.pick(months)),
      unitCharge: random.pickBetween(0, 2 * rate.unitDuration),
    }));
  return [...rates, ...own, ...changed];
}
