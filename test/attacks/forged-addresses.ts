import { Attacker, createAttack, reportFindings } from './attacker';

/** Fails from addresses that look different and are one client. */
const command = createAttack(
  'forged-addresses',
  'Tries to pass the limit of a client by other spellings of its address.',
);
const { url } = command.parse().opts<{ url: string }>();

const ATTEMPTS = 230;
const MAX_FAILURES = 200;

/** Each run is another client. */
const run = Math.floor(Math.random() * 65_536);
const [high, low] = [run >> 8, run & 255];

const SPELLINGS: Record<string, (attempt: number) => string> = {
  'addresses of one /64': (attempt) => `2001:db8:${run.toString(16)}:1:${attempt.toString(16)}::1`,
  'ports of one address': (attempt) => `198.18.${high}.${low}:${1024 + attempt}`,
  'addresses invented in front of the real one': (attempt) =>
    `203.0.113.${attempt % 256}, ${attempt}.1.1.1, 198.19.${high}.${low}`,
};

async function attack(): Promise<void> {
  const failures: string[] = [];
  const facts: string[] = [];
  for (const [name, getAddress] of Object.entries(SPELLINGS)) {
    let checked = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { status } = await new Attacker(url).logIn(
        `nobody-${run}-${attempt}`,
        'wrong123',
        getAddress(attempt),
      );
      if (status === 422) checked += 1;
    }
    facts.push(`${name}: ${checked} of ${ATTEMPTS} looked at`);
    if (checked > MAX_FAILURES) failures.push(`${name} are more than one client`);
  }
  reportFindings(failures, facts.join('\n'));
}

void attack();
