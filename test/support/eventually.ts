import { setTimeout as delay } from 'node:timers/promises';

/** Tries again until the check holds. After the time limit it fails as the last try did. */
export async function waitFor<T>(check: () => T | Promise<T>, timeoutMs = 40_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(10);
  }
}
