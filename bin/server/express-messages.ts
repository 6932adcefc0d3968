import { IncomingMessage, type ServerOptions, ServerResponse } from 'node:http';
import type { Express, Request, Response } from 'express';

/**
 * Has a server make requests and answers that are those of this app from the start. Express gives Node's own another
 * prototype, one by one, and V8 handles such an object slowly as long as it lives: half the work of a page was that.
 */
export function createExpressMessages(
  app: Express,
): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Asked extends IncomingMessage = IncomingMessage> extends ServerResponse<Asked> {}
  const known = app as Express & { request: Request; response: Response };
  known.request = Object.setPrototypeOf(AppRequest.prototype, known.request) as Request;
  known.response = Object.setPrototypeOf(AppResponse.prototype, known.response) as Response;
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}
