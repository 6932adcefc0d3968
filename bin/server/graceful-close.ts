import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/**
 * Watches a server's connections from its start. The function it returns stops the server: it accepts no new connections,
 * closes idle ones at once, gives running requests this many milliseconds and then cuts the rest.
 */
export function watchConnections(server: Server): (timeoutMs: number) => Promise<void> {
  const connections = new Set<Socket>();
  const sockets = new Set<Socket>();
  const running = new Set<ServerResponse>();
  let closing = false;

  // Browsers open connections in advance; Node itself does not count those as idle.
  const closeIdle = () => {
    const busy = new Set([...running].map(({ req }) => req.socket));
    for (const socket of sockets) if (!busy.has(socket)) socket.destroySoon();
  };
  const rememberIn = (set: Set<Socket>) => (socket: Socket) => {
    set.add(socket);
    socket.once('close', () => set.delete(socket));
  };
  const rememberRequest: RequestListener = (_request, response) => {
    running.add(response);
    if (closing) response.setHeader('connection', 'close');
    response.once('close', () => {
      running.delete(response);
      if (closing) closeIdle();
    });
  };
  // With TLS a request knows the encrypted socket, not the connection below it.
  server.on('connection', rememberIn(connections));
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', rememberIn(sockets));
  server.prependListener('request', rememberRequest);

  return async (timeoutMs) => {
    closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const response of running) if (!response.headersSent) response.setHeader('connection', 'close');
    closeIdle();
    const forceTimer = setTimeout(() => connections.forEach((connection) => connection.destroy()), timeoutMs);
    await closed;
    clearTimeout(forceTimer);
  };
}
