import { setTimeout as delay } from 'node:timers/promises';
import { Visitor } from '../kit/visitor';
import { type Attack, findRedirect, TARGETS } from './attack';

const ROUNDS = 10;
const PAGE = '/selfpage/password';

/** Logs out while a slow response, which hashes two passwords, is on its way, and tries the session again. */
export const resurrectSession: Attack = async (url) => {
  const { login, password } = TARGETS.resurrection;
  let lived = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const visitor = await new Visitor(url).logIn(login, password);
    const thief = new Visitor(url);
    thief.keepCookie('meisai', visitor.getCookie('meisai'));
    await visitor.get(PAGE);
    const slow = visitor.post(PAGE, { current: password, new: 'slow1234', again: 'slow1234' });
    // The logout overtakes the slow response at another moment in each round.
    await delay(round * 15);
    await visitor.post('/selfpage/logout');
    await slow;
    if ((await findRedirect(thief, '/selfpage/contract')) === '') lived += 1;
  }
  return lived > 0 ? [`${lived} of ${ROUNDS} sessions live after their logout`] : [];
};
