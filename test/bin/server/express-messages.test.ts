import { createServer } from 'node:http';
import express from 'express';
import request from 'supertest';
import { createExpressMessages } from '../../../bin/server/express-messages';
import { listenAt } from '../../../bin/server/listen';

const app = express();
app.get('/', (req, res) => {
  const isOfApp = Object.getPrototypeOf(req) === app.request && Object.getPrototypeOf(res) === app.response;
  res.json({ name: req.constructor.name, query: req.query.a, ip: req.ip, isOfApp, app: req.app === app });
});
const messages = createExpressMessages(app);

describe('the messages of an app', () => {
  it('are Express’s, and the app’s own from the start', async () => {
    const server = createServer(messages, app);
    const port = await listenAt(server, 'PORT', 0);
    const answer = await fetch(`http://127.0.0.1:${port}/?a=b`);
    server.close();
    expect(await answer.json()).toEqual({
      name: 'AppRequest',
      query: 'b',
      ip: '127.0.0.1',
      isOfApp: true,
      app: true,
    });
  });

  it('let the app be used by another server as well', async () => {
    const answer = await request(app).get('/?a=b').expect(200);
    expect(answer.body).toMatchObject({ query: 'b', isOfApp: true, app: true });
  });
});
