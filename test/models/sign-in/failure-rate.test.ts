import { getLimiter } from '../../../lib/redis/rate-limit';
import { now } from '../../../lib/values/clock';
import { log } from '../../../log';
import {
  countLoginFailure,
  getFailureRate,
  MAX_FAILURES_PER_MINUTE,
} from '../../../models/sign-in/failure-rate';
import { runCommand } from '../../support/command';
import { closeTestPortal, openTestPortal } from '../../support/portal';

beforeAll(openTestPortal);
afterAll(closeTestPortal);

it('warns once a minute of more failed logins than the cap, in the log and by `meisai status`', async () => {
  const warn = jest.spyOn(log, 'warn');
  await getLimiter('login-failures', MAX_FAILURES_PER_MINUTE, 60).penalty('all', MAX_FAILURES_PER_MINUTE - 1);
  await countLoginFailure();
  expect(await getFailureRate()).toEqual({ failures: MAX_FAILURES_PER_MINUTE, exceededAt: null });
  expect(warn).not.toHaveBeenCalled();

  const before = now();
  for (let failure = 0; failure < 3; failure += 1) await countLoginFailure();
  expect(warn).toHaveBeenCalledTimes(1);
  const { failures, exceededAt } = await getFailureRate();
  expect(failures).toBe(MAX_FAILURES_PER_MINUTE + 3);
  expect(exceededAt).toBeGreaterThanOrEqual(before);

  const status = await runCommand('status');
  expect(status.out).toContain(`WARNING: more than ${MAX_FAILURES_PER_MINUTE} a minute`);
});
