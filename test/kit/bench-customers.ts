import { importContracts } from './contracts';
import type { Installation } from './installation';
import { Visitor } from './visitor';

/** Contracts of benches and faults: the month to be measured, five of it, 50 calls, 10 calls. */
export const BENCH_CONTRACTS = {
  month: 'd900000001',
  large: 'd900000002',
  small: 'd900000003',
  ten: 'd900000004',
};
export type BenchContract = keyof typeof BENCH_CONTRACTS;

const NUMBERS = 20;

export const listBenchNumbers = (contract: BenchContract): string[] => {
  const first = 5_000_000_000 + Object.keys(BENCH_CONTRACTS).indexOf(contract) * 1000;
  return Array.from({ length: NUMBERS }, (_, index) => `0${first + index}`);
};

/** Brings in the contracts, their numbers and their accounts. */
export async function prepareBenchContracts(installation: Installation): Promise<void> {
  const contracts = Object.entries(BENCH_CONTRACTS) as [BenchContract, string][];
  const numbers = new Map(contracts.map(([contract, code]) => [code, listBenchNumbers(contract)]));
  await importContracts(installation, numbers);
  for (const [, code] of contracts) await installation.runCommand('account', 'issue', code);
}

/** The login of this contract, with a new password. */
export async function resetLogin(
  installation: Installation,
  contract: BenchContract,
): Promise<{ login: string; password: string }> {
  const reset = ['account', 'reset', BENCH_CONTRACTS[contract]];
  return (await installation.runCommand<{ login: string; password: string }>(...reset)).result;
}

/** A customer of this contract who has logged in; each gets a new password. */
export async function logInCustomer(
  installation: Installation,
  url: string,
  contract: BenchContract,
): Promise<Visitor> {
  const { login, password } = await resetLogin(installation, contract);
  return new Visitor(url).logIn(login, password);
}
