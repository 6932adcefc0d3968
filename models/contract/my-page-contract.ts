import { db, type Queryable, queryRows } from '../../lib/database/db';
import { USAGE_SERVICES, type UsageService } from './service';

/** A contract as its my page customer sees it. */
export interface MyPageContract {
  id: number;
  /** 契約番号 */
  code: string;
  services: UsageService[];
}

/**
 * What each contract is for, what the operator has declared, and what its numbers (also those it no longer holds: they
 * have their months) and usages are of. Usages grow with
 * time: of each service the first is looked up by their index, where EXISTS would have PostgreSQL read all of them.
 */
const MY_PAGE_SERVICES_SQL = `
  WITH mine AS (SELECT id, code, service FROM contracts WHERE customer_number = ?)
  SELECT id, code, service FROM mine
  UNION SELECT id, code, s.service FROM mine JOIN contract_services s ON s.contract_id = mine.id
  UNION SELECT mine.id, code, n.service FROM mine
    JOIN number_periods p ON p.contract_id = mine.id JOIN phone_numbers n ON n.id = p.phone_number_id
  UNION SELECT mine.id, code, used.service FROM mine, (SELECT 'internet' AS service UNION SELECT 'payon') AS used
    WHERE (
      SELECT MIN(billing_month) FROM usages u WHERE u.contract_id = mine.id AND u.service = used.service
    ) IS NOT NULL`;

/** The contracts of a customer number, by their codes. */
export async function listMyPageContracts(customerNumber: string): Promise<MyPageContract[]> {
  const rows = await queryRows<{ id: number; code: string; service: string }>(db, MY_PAGE_SERVICES_SQL, [
    customerNumber,
  ]);
  const codes = [...new Set(rows.map(({ code }) => code))].sort();
  return codes.map((code) => {
    const ofContract = rows.filter((row) => row.code === code);
    const services = USAGE_SERVICES.filter((service) => ofContract.some((row) => row.service === service));
    return { id: ofContract[0]?.id ?? 0, code, services };
  });
}

/** Looks among a customer's own contracts, so that another's code is the same as no code. */
export async function findMyPageContract(
  customerNumber: string,
  code: string,
): Promise<MyPageContract | undefined> {
  return (await listMyPageContracts(customerNumber)).find((contract) => contract.code === code);
}

/** The services that the operator declares: exactly these from now on. */
export async function declareServices(
  contractCode: string,
  services: UsageService[],
  on: Queryable = db,
): Promise<void> {
  await on.transaction(async (trx) => {
    const contract = await trx('contracts').where({ code: contractCode }).first<{ id: number }>('id');
    await trx('contract_services').where({ contract_id: contract.id }).delete();
    for (const service of services)
      await trx('contract_services').insert({ contract_id: contract.id, service });
  });
}
