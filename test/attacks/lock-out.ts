import { Attacker, createAttack, reportFindings, toAddress } from './attacker';

/** Fails so often that new browsers of a login are shut out, and looks who can still log in. */
const command = createAttack(
  'lock-out',
  'Tries to lock a customer out by wrong passwords from many clients.',
);
const { url, login, password } = command.parse().opts<{ url: string; login: string; password: string }>();

const FAILURES = 120;
const FAILURES_PER_CLIENT = 9;

async function run(): Promise<void> {
  const customer = new Attacker(url);
  const first = await customer.logIn(login, password, '192.0.2.1');
  const counts = { 422: 0, 429: 0, others: 0 };
  for (let failure = 0; failure < FAILURES; failure += 1) {
    const from = toAddress(Math.floor(failure / FAILURES_PER_CLIENT) + 1_000_000);
    const { status } = await new Attacker(url).logIn(login, 'wrong123', from);
    if (status === 422 || status === 429) counts[status] += 1;
    else counts.others += 1;
  }
  const stranger = await new Attacker(url).logIn(login, password, '192.0.2.77');
  const page = await customer.send('/selfpage/contract', { from: '192.0.2.1' });
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
  await customer.send('/selfpage/logout', { from: '192.0.2.1', form: { _csrf } });
  const known = await customer.logIn(login, password, '192.0.2.1');

  reportFindings(
    [
      ...(first.status === 303 ? [] : [`the customer could not log in at the start: ${first.status}`]),
      ...(counts[422] <= 100 ? [] : [`${counts[422]} wrong passwords were looked at`]),
      ...(stranger.status === 429 && Number(stranger.retryAfter) > 0
        ? []
        : ['a new browser is not shut out']),
      ...(known.status === 303 ? [] : [`the browser of the customer was locked out: ${known.status}`]),
    ],
    `${counts[422]} wrong passwords looked at, ${counts[429]} refused, ${counts.others} other answers. ` +
      `Lift the lock: meisai account unlock ${login}`,
  );
}

void run();
