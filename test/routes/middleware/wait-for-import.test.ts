import { createApp } from '../../../app';
import { isPostgres, openSingleConnection } from '../../../lib/database/db';
import { lockCalls } from '../../../models/call/call-sums';
import { createSelfPageUser, openSelfPageBrowser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const app = createApp();

beforeAll(openTestPortal);
afterAll(closeTestPortal);

describe('while an import writes into SQLite', () => {
  it('more customers log in than there are connections, and the others read', async () => {
    if (isPostgres) return;
    const customers = [];
    for (let count = 0; count < 12; count += 1) customers.push(await createSelfPageUser());
    const reader = await openSelfPageBrowser(app, await createSelfPageUser());
    const end = await holdWriteLock();
    const logins = Promise.all(customers.map((customer) => openSelfPageBrowser(app, customer)));
    let through = false;
    void logins.then(() => (through = true));
    try {
      for (let time = 0; time < 30; time += 1) {
        await reader.visit('/selfpage/charges');
        expect([reader.status, through]).toEqual([200, false]);
      }
    } finally {
      await end();
    }
    for (const browser of await logins) expect(browser.path).toBe('/selfpage/contract');
  });
});

/** Holds the write lock as an import does, until the end of its transaction. */
async function holdWriteLock(): Promise<() => Promise<void>> {
  const connection = openSingleConnection();
  const trx = await connection.transaction();
  await lockCalls(trx);
  return async () => {
    await trx.rollback();
    await connection.destroy();
  };
}
