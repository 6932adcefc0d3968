import { writeAuditEvent } from '../../../models/sign-in/audit';
import { runCommand, runJson } from '../../support/command';
import { closeTestPortal, openTestPortal } from '../../support/portal';

beforeAll(async () => {
  await openTestPortal();
  for (const login of ['one@example.jp', 'two@example.jp', 'One@Example.jp'])
    await writeAuditEvent({
      event: 'login',
      login,
      address: '192.0.2.1',
      user_agent: 'Evil\u001b[2J',
      detail: { n: 1 },
    });
});
afterAll(closeTestPortal);

it('lists the newest first, of one login in any case', async () => {
  const events = await runJson<{ login: string; at: string }[]>('audit', '--login', 'one@example.jp');
  expect(events.map(({ login }) => login)).toEqual(['One@Example.jp', 'one@example.jp']);
  expect(events[0]).toMatchObject({ event: 'login', address: '192.0.2.1', detail: { n: 1 } });
  expect(events[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  expect(await runJson('audit', '--last', '1')).toHaveLength(1);
});

it('writes nothing that steers a terminal', async () => {
  const { out, status } = await runCommand('audit');
  expect(status).toBe(0);
  expect(out.trim().split('\n')).toHaveLength(3);
  expect(out).not.toContain('\u001b');
});

it('refuses a count that is none', async () => {
  expect((await runCommand('audit', '--last', 'many')).status).toBe(1);
});
