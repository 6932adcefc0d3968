import type { Installation } from './installation';

const CONTRACT_COLUMNS =
  'contract_code,customer_number,service,channels,extra_dialin_numbers,start_date,connection_type,primary_dns,secondary_dns,options';
const NUMBER_COLUMNS = 'contract_code,number,kind,aliases';

/** Brings contracts in, by their codes, each with its numbers, as an operator does. */
export async function importContracts(
  installation: Installation,
  contracts: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const contractLines = [...contracts.keys()].map(
    (code) => `${code},${code},autocall,1,0,2015-04-01,ダイヤルイン接続,192.0.2.53,198.51.100.53,`,
  );
  const numberLines = [...contracts].flatMap(([code, numbers]) =>
    numbers.map((number) => `${code},${number},contract,`),
  );
  const contractFile = installation.write('contracts.csv', [CONTRACT_COLUMNS, ...contractLines]);
  await installation.runCommand('import', 'contracts', contractFile);
  const numberFile = installation.write('numbers.csv', [NUMBER_COLUMNS, ...numberLines]);
  await installation.runCommand('import', 'numbers', numberFile);
}
