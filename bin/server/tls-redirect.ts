import { createServer, type RequestListener, type Server } from 'node:http';

const HOST = /^([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** A server that only sends to the same address by HTTPS: 301 for reading, 308 so that a form stays a form. */
export function createTlsRedirect(tlsPort: number): Server {
  return createServer(
    { headersTimeout: 5000, requestTimeout: 5000, connectionsCheckingInterval: 1000 },
    redirectTo(tlsPort),
  );
}

function redirectTo(tlsPort: number): RequestListener {
  return (request, response) => {
    response.setHeader('connection', 'close');
    const host = HOST.exec(request.headers.host ?? '')?.[1];
    const path = request.url ?? '';
    if (!host || !path.startsWith('/')) {
      response.writeHead(400).end();
      return;
    }
    const port = tlsPort === 443 ? '' : `:${tlsPort}`;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    response.writeHead(isRead ? 301 : 308, { location: `https://${host}${port}${path}` }).end();
  };
}
