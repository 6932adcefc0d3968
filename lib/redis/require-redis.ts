import { pingRedis } from './redis';
import { redisFault, wrongKindOfRedis } from './diagnose';
import { StartError } from '../process/start-error';

/**
 * For the start of a program that cannot do without Redis.
 *
 * @throws StartError saying why Redis cannot be used
 */
export async function requireRedis(): Promise<void> {
  try {
    await pingRedis();
  } catch (error) {
    throw new StartError(await redisFault(), { cause: error });
  }
  const wrong = await wrongKindOfRedis();
  if (wrong) throw new StartError(wrong);
}
