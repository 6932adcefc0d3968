import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { config } from '../../config';
import { log } from '../../log';
import { watchConnections } from './graceful-close';
import { ListenError, listenAt } from './listen';
import { createTlsRedirect } from './tls-redirect';

export interface WebServer {
  /** The address for a browser on this machine. */
  url: string;
  port: number;
  /** The port of the plain listener, if there is one. */
  redirectPort?: number;
  /** Lets running requests finish, for at most 8 s. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 8000;

// A client that sends its request byte by byte is cut off; a slow download is not.
const limits: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2000,
};

type Messages = Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>;

/** Listens as the settings say, by HTTP or HTTPS; with `messages` as classes of the requests and answers. */
export async function startWebServer(app: RequestListener, messages: Messages = {}): Promise<WebServer> {
  const options = { ...limits, ...messages };
  const tls = config.TLS_CERT ? createSecureServer(options, app) : undefined;
  const closing: (() => Promise<void>)[] = [];
  const listen = async (server: Server, setting: string, port: number) => {
    const close = watchConnections(server);
    const actual = await listenAt(server, setting, port);
    closing.push(() => close(TIMEOUT_MS));
    return actual;
  };
  const close = async () => {
    await Promise.all(closing.map((one) => one()));
  };

  try {
    const port = await listen(tls ?? createServer(options, app), 'PORT', config.PORT);
    if (tls) closing.push(reloadOnSighup(tls));
    const { HTTP_REDIRECT_PORT: plain } = config;
    const redirectPort =
      plain === undefined ? undefined : await listen(createTlsRedirect(port), 'HTTP_REDIRECT_PORT', plain);
    return { url: getUrl(port), port, redirectPort, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const readCertificate = () => ({
  cert: readFileSync(config.TLS_CERT ?? ''),
  key: readFileSync(config.TLS_KEY ?? ''),
  minVersion: 'TLSv1.2' as const,
});

function createSecureServer(options: ServerOptions, app: RequestListener): TlsServer {
  try {
    return createTlsServer({ ...options, ...readCertificate(), handshakeTimeout: 5000 }, app);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ListenError(`TLS_CERT=${config.TLS_CERT}, TLS_KEY=${config.TLS_KEY} cannot be used: ${reason}`);
  }
}

/** SIGHUP reads the certificate again, as after its renewal. A broken one is logged, the old one stays. */
function reloadOnSighup(server: TlsServer): () => Promise<void> {
  const reload = () => {
    try {
      server.setSecureContext(readCertificate());
      log.info('certificate read again');
    } catch (error) {
      log.error({ err: error }, 'the new certificate cannot be used, the old one stays');
    }
  };
  process.on('SIGHUP', reload);
  return () => Promise.resolve(void process.off('SIGHUP', reload));
}

function getUrl(port: number): string {
  const everywhere = config.HOST === '0.0.0.0' || config.HOST === '::';
  const host = everywhere ? '127.0.0.1' : config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST;
  return new URL(`${config.TLS_CERT ? 'https' : 'http'}://${host}:${port}/`).href;
}
