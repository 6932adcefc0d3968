import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { config } from '../../config';

export interface TwilioRequest {
  path: string;
  authorization: string;
  fields: Record<string, string>;
}

type Answer = (res: ServerResponse) => void;

export interface TwilioServer {
  url: string;
  requests: TwilioRequest[];
  /** The answer to the next requests. */
  answer: Answer;
  close(): Promise<void>;
}

export const TWILIO_TOKEN = 'twilio-token-of-the-tests';

let messages = 0;

const createJsonAnswer =
  (status: number, body: object): Answer =>
  (res) =>
    res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

/** Answers as Twilio does: accepted, or refused with its error code. */
export const acceptMessage: Answer = (res) => {
  messages += 1;
  createJsonAnswer(201, { sid: `SM${String(messages).padStart(32, '0')}`, status: 'queued' })(res);
};
export const refuseMessage = (status: number, code: number): Answer =>
  createJsonAnswer(status, { status, code, message: 'as the stand-in was told' });

/** A stand-in for Twilio's API, to which the portal's settings point from now on. */
export async function startTwilioServer(): Promise<TwilioServer> {
  const server = createServer((req, res) => {
    void readRequest(req).then((request) => {
      twilio.requests.push(request);
      twilio.answer(res);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const twilio: TwilioServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    answer: acceptMessage,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const settings = {
    VERIFICATION_GATEWAY: 'twilio',
    TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000001',
    TWILIO_AUTH_TOKEN: TWILIO_TOKEN,
    TWILIO_FROM: '+815012345678',
    TWILIO_API_URL: twilio.url,
    PUBLIC_URL: 'https://meisai.example.jp/',
  };
  Object.assign(config, settings);
  // For processes that a test starts.
  Object.assign(process.env, settings);
  return twilio;
}

async function readRequest(req: IncomingMessage): Promise<TwilioRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
  return { path: req.url ?? '', authorization: req.headers.authorization ?? '', fields };
}
