import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Below those that a system gives to outgoing connections, which could take it before a server does. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(randomInt(10_000, 30_000), '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return findFreePort();
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
