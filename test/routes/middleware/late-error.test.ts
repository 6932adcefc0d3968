import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import express from 'express';
import { showError } from '../../../routes/middleware/errors';

let server: Server;
let fail: () => void;
let connections = 0;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

async function ask(path: string): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const [answer] = (await once(get({ port, path, agent }), 'response')) as [IncomingMessage];
  return text(answer);
}

beforeEach(async () => {
  const app = express();
  app.get('/answered', (_req, res, next) => {
    fail = () => next(new Error('too late'));
    res.status(503).send('later');
  });
  app.get('/next', (_req, res) => {
    fail();
    // Express passes an error on in its next turn.
    setImmediate(() => setImmediate(() => res.send('whole')));
  });
  app.use(showError);
  server = app.listen(0, '127.0.0.1').on('connection', () => (connections += 1));
  await once(server, 'listening');
});
afterEach(() => {
  agent.destroy();
  server.close();
});

describe('an error of a request that has been answered', () => {
  it('leaves the next one on its connection alone', async () => {
    expect(await ask('/answered')).toBe('later');
    expect(await ask('/next')).toBe('whole');
    expect(connections).toBe(1);
  });
});
