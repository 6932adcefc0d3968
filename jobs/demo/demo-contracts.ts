import { type Contract, findContractByCode, saveContract } from '../../models/contract/contract';
import { declareServices } from '../../models/contract/my-page-contract';
import type { NumberKind } from '../../models/contract/phone-number';
import { savePhoneNumber } from '../../models/contract/save-numbers';
import type { CallService, UsageService } from '../../models/contract/service';
import { LARGE_NUMBERS } from './large-month';

/** The contract of the guide's page, as far as contracts are alike. */
const guideContract = {
  service: 'autocall',
  channels: 1,
  extra_dialin_numbers: 1,
  start_date: '2010-11-15',
  connection_type: 'ダイヤルイン接続',
  primary_dns: '192.0.2.53',
  secondary_dns: '198.51.100.53',
  options: 'free_call_number_notice',
} as const;

interface DemoContract {
  contract: Omit<Contract, 'id'>;
  numbers: [number: string, kind: NumberKind, service?: CallService][];
  /** Besides those of its numbers. */
  services?: UsageService[];
}

const selfPage: DemoContract = {
  contract: { ...guideContract, code: 'd123456789', customer_number: 'd123456789' },
  numbers: [
    ['05068601234', 'free_call'],
    ['05068609001', 'contract'],
    ['05068609002', 'contract'],
  ],
};

const otherNumbers: DemoContract['numbers'] = [
  ['0312349001', 'contract', 'hikari'],
  ['0312349002', 'contract', 'hikari'],
  ['09012349001', 'contract', 'mobile'],
];

const internetAndPayments: UsageService[] = ['internet', 'payon'];

const myPage: DemoContract[] = [
  { code: 'N000000001', numbers: buildNumberRow('050687000', 1, 12), services: internetAndPayments },
  { code: 'N000000002', numbers: [...buildNumberRow('050687100', 1, 2), ...otherNumbers], services: [] },
].map(({ code, numbers, services }) => ({
  contract: {
    ...guideContract,
    code,
    customer_number: 'C000000001',
    service: 'ip050',
    channels: numbers.length,
    extra_dialin_numbers: numbers.length - 1,
    options: '',
  },
  numbers,
  services,
}));

const large: DemoContract = {
  contract: {
    ...guideContract,
    code: 'd900000001',
    customer_number: 'd900000001',
    channels: 300,
    extra_dialin_numbers: LARGE_NUMBERS - 1,
    options: 'dialin;bulk_transfer',
  },
  numbers: buildNumberRow('05069000', 0, LARGE_NUMBERS, 3),
};

function buildNumberRow(prefix: string, first: number, count: number, width = 2): DemoContract['numbers'] {
  return Array.from({ length: count }, (_, index) => [
    prefix + String(first + index).padStart(width, '0'),
    'contract',
  ]);
}

/** Brings the contracts and their numbers up to date. */
export async function saveDemoContracts(withLarge: boolean): Promise<void> {
  for (const { contract, numbers, services = [] } of [selfPage, ...myPage, ...(withLarge ? [large] : [])]) {
    await saveContract(contract);
    const saved = await findContractByCode(contract.code);
    if (!saved) continue;
    for (const [number, kind, service] of numbers)
      await savePhoneNumber(saved.id, number, kind, undefined, service);
    await declareServices(contract.code, services);
  }
}
