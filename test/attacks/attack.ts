import { Visitor } from '../kit/visitor';

/** An attack on the portal at this address. Returns a sentence for each thing that got through: none if all held. */
export type Attack = (url: string) => Promise<string[]>;

/** Logins of the demonstration, which every portal under attack has. */
export const TARGETS = {
  takeOver: { login: 'd123456789', password: 'demo2017' },
  resurrection: { login: 'd123456789', password: 'demo2017' },
  secondFactor: { login: 'demo@example.jp', password: 'meisai-demo-2011', contactNumber: '09012345678' },
};

/** PASSWORD_DELAY_MINUTES of the portal that is started for the attacks. */
export const DELAY_MINUTES = 1;

/** Logs in on the my page, with cookies that were stolen elsewhere. */
export async function logInOnMyPage(
  url: string,
  { login, password }: { login: string; password: string },
  cookies: Record<string, string> = {},
): Promise<Visitor> {
  const visitor = new Visitor(url);
  await visitor.get('/mypage/login');
  for (const [name, value] of Object.entries(cookies)) visitor.keepCookie(name, value);
  await visitor.post('/mypage/login', { loginId: login, password });
  return visitor;
}

/** Where a page leads; empty if it is shown. */
export async function findRedirect(visitor: Visitor, address: string): Promise<string> {
  await visitor.fetch(address);
  return visitor.location;
}
