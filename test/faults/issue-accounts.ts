import { db } from '../../lib/database/db';
import { issueNewAccounts } from '../../models/account/issue-all';

/** Gives all contracts without a login their first one, as `account issue --all-new` does, and no letters. */
async function issueAccounts(): Promise<void> {
  const accounts = await issueNewAccounts(() => Promise.resolve());
  process.stdout.write(JSON.stringify(accounts));
  await db.destroy();
}

void issueAccounts();
