import { pingRedis } from './redis';
import { diagnoseRedis, explainClusterMismatch } from './diagnose';
import { StartError } from '../process/operator-error';

/**
 * Checks at the start of a program that needs Redis that it can be used.
 *
 * @throws StartError saying why Redis cannot be used
 */
export async function requireRedis(): Promise<void> {
  try {
    await pingRedis();
  } catch (error) {
    throw new StartError(await diagnoseRedis(), { cause: error });
  }
  const wrong = await explainClusterMismatch();
  if (wrong) throw new StartError(wrong);
}
