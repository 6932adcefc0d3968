import { type Attack, findRedirect, logInOnMyPage, TARGETS } from './attack';

const GUARDED = ['usage', 'bills', 'devices', 'logins', 'password', 'password/confirm', 'password/done'];
const FACTOR = '/mypage/verification';

/** Has the password of a my page, but neither its telephone nor its device. */
export const skipSecondFactor: Attack = async (url) => {
  const breaches: string[] = [];
  const thief = await logInOnMyPage(url, TARGETS.secondFactor);
  for (const page of GUARDED) {
    const led = await findRedirect(thief, `/mypage/${page}`);
    if (led !== FACTOR) breaches.push(`/mypage/${page} leads to “${led}” instead of the second factor`);
  }
  await thief.get('/mypage');
  const forms = [
    ['/mypage/password', { current: TARGETS.secondFactor.password, new: 'Thief-1234', again: 'Thief-1234' }],
    ['/mypage/devices/1/revoke', {}],
  ] as const;
  for (const [address, fields] of forms) {
    await thief.post(address, fields);
    if (thief.location !== FACTOR) breaches.push(`a form to ${address} leads to “${thief.location}”`);
  }
  return breaches;
};
