import { IncomingMessage, type ServerOptions, ServerResponse } from 'node:http';
import type { Express, Request, Response } from 'express';

/**
 * Makes a server create requests and responses with this app's prototypes from the start. Express changes the prototype of
 * each object of Node, after which V8 handles it slowly: that was half the work of a page.
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
