import { issueAccount } from '../../models/account/account';
import type { Area } from '../../models/sign-in/area';
import { findLogin, findLoginByName } from '../../models/sign-in/login';

interface DemoLogin {
  contract: string;
  area: Area;
  /** The page with its login form. */
  page: string;
  login: string;
  password: string;
  email?: string;
  contactNumber?: string;
}

const buildSelfPageLogin = (contract: string): DemoLogin => ({
  ...{ contract, area: 'selfpage', page: '/', login: contract, password: 'demo2017' },
});

const myPageLogin: DemoLogin = {
  contract: 'N000000001',
  area: 'mypage',
  page: '/mypage/login',
  login: 'demo@example.jp',
  password: 'meisai-demo-2011',
  email: 'demo@example.jp',
  contactNumber: '09012345678',
};

const demoLogins = [buildSelfPageLogin('d123456789'), myPageLogin, buildSelfPageLogin('d900000001')];

/** Issues the demonstration's logins that are not there yet; a password that somebody changed stays changed. */
export async function issueDemoAccounts(contracts: string[]): Promise<void> {
  for (const { contract, login, ...options } of demoLogins)
    if (contracts.includes(contract) && !(await findLoginByName(login)))
      await issueAccount(contract, options);
}

/** The demonstration's logins whose fixed passwords still work, to be shown at the start. */
export async function listDemoAccounts(): Promise<{ page: string; login: string; password: string }[]> {
  const working: { page: string; login: string; password: string }[] = [];
  for (const { area, page, login, password } of demoLogins)
    if ((await findLoginByName(login)) && (await findLogin(area, login, password)))
      working.push({ page, login, password });
  return working;
}
