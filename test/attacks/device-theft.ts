import { setTimeout as delay } from 'node:timers/promises';
import { Page } from '../kit/page';
import type { Visitor } from '../kit/visitor';
import { type Attack, findRedirect, logInOnMyPage, TARGETS } from './attack';

const STEPS = '/mypage/verification';
const GUARDED = '/mypage/devices';
const COOKIE = 'meisai_device';

/** Copies the token of a trusted device, and has the password too. */
export const stealDevice: Attack = async (url) => {
  const breaches: string[] = [];
  const token = await trustDevice(await logInOnMyPage(url, TARGETS.secondFactor));
  const openWithToken = (value: string) => logInOnMyPage(url, TARGETS.secondFactor, { [COOKIE]: value });

  const thief = await openWithToken(token);
  const before = thief.getCookie('meisai');
  await thief.fetch(STEPS);
  if (thief.getCookie('meisai') === before)
    breaches.push('the session keeps its id when a device skips the code');
  if ((await findRedirect(thief, '/mypage/password')) !== STEPS)
    breaches.push('a trusted device alone changes the password');
  // The thief goes on to the next token before the customer comes.
  await (await openWithToken(thief.getCookie(COOKIE))).fetch(STEPS);

  const customer = await openWithToken(token);
  await customer.fetch(STEPS);
  if ((await findRedirect(customer, GUARDED)) === '') breaches.push('an old token skips the code');
  if ((await findRedirect(thief, GUARDED)) === '') breaches.push('the session of the thief stays verified');
  const next = await logInOnMyPage(url, TARGETS.secondFactor);
  if (!(await next.get('/mypage')).includes('別の場所で使われました'))
    breaches.push('the customer is not told at the next login');
  return breaches;
};

/** Gives the second factor by the code that a development machine shows. Returns the token of the device. */
async function trustDevice(visitor: Visitor): Promise<string> {
  await visitor.get(STEPS);
  await visitor.post(STEPS, { number: TARGETS.secondFactor.contactNumber });
  await visitor.get(`${STEPS}/method`);
  await visitor.post(`${STEPS}/method`, { method: 'sms' });
  for (let tries = 0; tries < 60; tries += 1) {
    const page = new Page(`${STEPS}/code`, await visitor.get(`${STEPS}/code`));
    const code = page.$('.devbox b').text();
    if (code !== '') {
      await visitor.post(`${STEPS}/code`, { code, trust: '1' });
      return visitor.getCookie(COOKIE);
    }
    await delay(500);
  }
  throw new Error('The portal shows no code: it has to run with VERIFICATION_GATEWAY=outbox and a worker');
}
