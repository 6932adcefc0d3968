import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode } from '../../lib/process/error-code';
import { config } from '../../config';
import { OperatorError } from '../../lib/process/operator-error';

/** The server cannot listen, or not with these settings. */
export class ListenError extends OperatorError {}

const reasons: Record<string, string> = {
  EADDRINUSE: 'is in use by another program. Stop that one, or set another port',
  EACCES: 'may not be used by this user. Ports below 1024 are for root; set another',
};

/**
 * Lets the server listen at HOST and returns the port; for port 0 the system chooses one.
 *
 * @throws ListenError naming the setting at fault
 */
export async function listenAt(server: Server, setting: string, port: number): Promise<number> {
  try {
    server.listen(port, config.HOST);
    await once(server, 'listening');
  } catch (error) {
    const reason = reasons[errorCode(error)];
    throw new ListenError(
      reason
        ? `${setting}=${port} ${reason}.`
        : `HOST=${config.HOST}, ${setting}=${port}: ${(error as Error).message}`,
    );
  }
  return (server.address() as AddressInfo).port;
}
