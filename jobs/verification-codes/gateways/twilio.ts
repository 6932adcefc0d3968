import twilio from 'twilio';
import { config } from '../../../config';
import { formatCodeMessage, spokenAfter, spokenAgain, spokenBefore } from './code-text';
import { type CodeGateway, type CodeMessage, GatewayUnavailable, GatewayRefusal } from './gateway';
import { buildStatusUrl } from './status-address';

const TIMEOUT_MS = 10_000;

/** Errors of a connection that was never made, so that nothing was sent. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Sends short messages and calls by Twilio's API of 2010, or by a server that speaks it. */
export function createTwilioGateway(timeoutMs = TIMEOUT_MS): CodeGateway {
  const client = twilio(config.TWILIO_ACCOUNT_SID, config.TWILIO_AUTH_TOKEN, {
    // A kept-alive connection may be half closed, and whether a message got through would be unknown.
    httpClient: new twilio.RequestClient({ timeout: timeoutMs, keepAlive: false }),
  });
  client.api.baseUrl = config.TWILIO_API_URL;
  return {
    async send(message) {
      try {
        const { sid } = await createMessage(client, message);
        return sid;
      } catch (error) {
        throw toGatewayError(error);
      }
    },
  };
}

function createMessage(
  client: twilio.Twilio,
  { id, method, to, code }: CodeMessage,
): Promise<{ sid: string }> {
  const from = config.TWILIO_FROM ?? '';
  const statusCallback = buildStatusUrl(id);
  return method === 'sms'
    ? client.messages.create({ to, from, body: formatCodeMessage(code), statusCallback })
    : client.calls.create({ to, from, twiml: buildSpokenCode(code), statusCallback });
}

/** Builds the TwiML of a call: the digits one by one, twice. */
function buildSpokenCode(code: string): string {
  const response = new twilio.twiml.VoiceResponse();
  const say = (words: string) => response.say({ language: 'ja-JP' }, words);
  const sayDigits = () => {
    for (const digit of code) {
      say(digit);
      response.pause({ length: 1 });
    }
  };
  say(spokenBefore);
  sayDigits();
  say(spokenAgain);
  sayDigits();
  say(spokenAfter);
  return response.toString();
}

/**
 * Tells whether the message was sent; after a timeout, a broken connection or a 5xx that is unknown. The library's own
 * error holds the request with the code, so it is not passed on.
 */
function toGatewayError(error: unknown): Error {
  const { status, code, message } = error as { status?: number; code?: string | number; message?: string };
  if (NOT_CONNECTED.has(String(code)) || status === 429)
    return new GatewayUnavailable(`Twilio ${String(code)}`);
  if (status !== undefined && status >= 400 && status < 500)
    return new GatewayRefusal(`Twilio ${String(code ?? status)}`);
  return new Error(`Twilio ${status ?? message}`);
}
