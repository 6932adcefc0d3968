import { issueAccount } from '../../models/account/account';
import { findLogin, type LoginKind } from '../../models/sign-in/login';
import { findLoginByName } from '../../models/account/reset-password';

interface DemoLogin {
  contract: string;
  kind: LoginKind;
  /** Where to log in with it. */
  page: string;
  login: string;
  password: string;
  email?: string;
  contactNumber?: string;
}

const buildSelfPageLogin = (contract: string): DemoLogin => ({
  ...{ contract, kind: 'self', page: '/', login: contract, password: 'demo2017' },
});

const myPageLogin: DemoLogin = {
  contract: 'N000000001',
  kind: 'email',
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

/** The demonstration's logins whose fixed passwords still work, for whoever starts the portal. */
export async function listDemoAccounts(): Promise<{ page: string; login: string; password: string }[]> {
  const working: { page: string; login: string; password: string }[] = [];
  for (const { kind, page, login, password } of demoLogins)
    if ((await findLoginByName(login)) && (await findLogin(kind, login, password)))
      working.push({ page, login, password });
  return working;
}
