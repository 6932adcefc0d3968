import { listUsageDays } from '../../../models/charges/daily-usage';
import { storeCalls } from '../../support/calls';
import { createSelfPageUser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';

beforeAll(openTestPortal);
afterAll(closeTestPortal);

it('counts every call of the month, also those that began outside of it', async () => {
  const from = '05012345678';
  const { contractId } = await createSelfPageUser([from]);
  await storeCalls(contractId, [
    { from, at: '2011-03-31T23:59:00+09:00', duration: 1200 },
    { from, at: '2011-04-15T10:00:00+09:00' },
    // Without length it ends where April does, and belongs to it.
    { from, at: '2011-05-01T00:00:00+09:00', duration: 0 },
  ]);
  const days = await listUsageDays({ contractId, month: 201104, service: 'ip050' });
  expect(days).toHaveLength(30);
  expect(days.filter(({ calls }) => calls > 0)).toEqual([
    { day: 1, calls: 1, charge: 800 },
    { day: 15, calls: 1, charge: 800 },
    { day: 30, calls: 1, charge: 800 },
  ]);
});
