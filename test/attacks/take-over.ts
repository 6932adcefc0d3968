import { setTimeout as delay } from 'node:timers/promises';
import { AnswerError, Visitor } from '../kit/visitor';
import { type Attack, DELAY_MINUTES, findRedirect, TARGETS } from './attack';

const NEW_PASSWORD = 'owner123';
const PAGE = '/selfpage/password';
const HOME = '/selfpage/contract';

/** Whoever holds the old password logs in while the new one waits, and tries to change it again and to stay. */
export const takeOver: Attack = async (url) => {
  const { login, password } = TARGETS.takeOver;
  const breaches: string[] = [];
  const owner = await new Visitor(url).logIn(login, password);
  const earlier = await new Visitor(url).logIn(login, password);
  await changePassword(owner, password, NEW_PASSWORD);
  if ((await findRedirect(earlier, HOME)) === '')
    breaches.push('a session that was opened before the change goes on');

  const thief = await new Visitor(url).logIn(login, password);
  if (await changePassword(thief, password, 'thief123')) breaches.push('the old password changes it again');

  await delay(DELAY_MINUTES * 60_000 + 1000);
  if ((await findRedirect(thief, HOME)) === '')
    breaches.push('a session of the old password outlives the change');
  if (!(await canLogIn(url, login, NEW_PASSWORD)))
    breaches.push('the new password of the owner is not in force');
  if (await canLogIn(url, login, password)) breaches.push('the old password still logs in');
  return breaches;
};

/** Returns whether the wizard took the current password. */
async function changePassword(visitor: Visitor, current: string, fresh: string): Promise<boolean> {
  await visitor.get(PAGE);
  try {
    await visitor.post(PAGE, { current, new: fresh, again: fresh });
  } catch (error) {
    if (error instanceof AnswerError) return false;
    throw error;
  }
  if (!visitor.location.endsWith('/confirm')) return false;
  await visitor.get(`${PAGE}/confirm`);
  await visitor.post(`${PAGE}/confirm`);
  return true;
}

async function canLogIn(url: string, login: string, password: string): Promise<boolean> {
  try {
    return (await findRedirect(await new Visitor(url).logIn(login, password), HOME)) === '';
  } catch (error) {
    if (error instanceof AnswerError) return false;
    throw error;
  }
}
