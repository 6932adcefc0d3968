import { pingRedis } from './redis';
import { diagnoseRedis, explainClusterMismatch } from './diagnose';
import { StartError } from '../process/operator-error';

/**
 * For the start of a program that cannot do without Redis.
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
