import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, get, request, type IncomingMessage, type RequestListener } from 'node:http';
import { connect as connectPlain, createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { config } from '../../../config';
import { ListenError } from '../../../bin/server/listen';
import { startWebServer, type WebServer } from '../../../bin/server/web-server';
import { waitFor } from '../../support/eventually';

const certFile = path.join(config.DATA_DIR, 'cert.pem');
const keyFile = path.join(config.DATA_DIR, 'key.pem');
let server: WebServer | undefined;

beforeEach(() => {
  Object.assign(config, {
    PORT: 0,
    TLS_CERT: undefined,
    TLS_KEY: undefined,
    HTTP_REDIRECT_PORT: undefined,
  });
});

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function writeCertificate(name: string): Promise<void> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], { keySize: 2048 });
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
}

async function startSecureServer(): Promise<WebServer> {
  await writeCertificate('first.example');
  Object.assign(config, { TLS_CERT: certFile, TLS_KEY: keyFile, HTTP_REDIRECT_PORT: 0 });
  server = await startWebServer((_request, response) => response.end('hello'));
  return server;
}

async function openTls(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  socket.end();
  return socket;
}

async function readCertificateName(port: number): Promise<string> {
  return String((await openTls(port)).getPeerCertificate().subject.CN);
}

async function ask(port: number, method: string, at: string, host: string): Promise<IncomingMessage> {
  const asking = request({ port, method, path: at, headers: { host }, agent: false }).end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

describe('HTTP', () => {
  it('tells its address', async () => {
    server = await startWebServer((_request, response) => response.end('hello'));
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/`);
    expect((await ask(server.port, 'GET', '/', 'localhost')).statusCode).toBe(200);
  });

  it('names the setting when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    config.PORT = (other.address() as AddressInfo).port;
    await expect(startWebServer(() => undefined)).rejects.toThrow(ListenError);
    await expect(startWebServer(() => undefined)).rejects.toThrow(`PORT=${config.PORT} is in use`);
    other.close();
  });
});

describe('close', () => {
  it('lets a running request finish, and closes connections that do nothing', async () => {
    let finish: (() => void) | undefined;
    const requestSlowly: RequestListener = (_request, response) => (finish = () => response.end('done'));
    server = await startWebServer(requestSlowly);
    const agent = new Agent({ keepAlive: true });
    const asking = get({ port: server.port, agent });
    const unused = connectPlain(server.port, '127.0.0.1');
    await waitFor(() => expect(finish).toBeDefined());

    const closed = server.close();
    await once(unused, 'close');
    finish?.();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    expect(await response.setEncoding('utf8').toArray()).toEqual(['done']);
    expect(response.headers.connection).toBe('close');
    await closed;
    agent.destroy();
  });

  it('lets nobody in any more', async () => {
    server = await startWebServer((_request, response) => response.end());
    const { port } = server;
    await server.close();
    server = undefined;
    const [error] = (await once(connectPlain(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});

describe('HTTPS', () => {
  it('speaks TLS 1.2 and 1.3, and refuses 1.1', async () => {
    const { port, url } = await startSecureServer();
    expect(url).toBe(`https://127.0.0.1:${port}/`);
    expect((await openTls(port)).getProtocol()).toBe('TLSv1.3');
    expect((await openTls(port, { maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(openTls(port, old)).rejects.toThrow(/protocol version/);
  });

  it('keeps secrets forward with what Internet Explorer 11 on Windows 7 offers', async () => {
    const { port } = await startSecureServer();
    const windows7 = [
      ...[
        'ECDHE-RSA-AES256-SHA384',
        'ECDHE-RSA-AES128-SHA256',
        'ECDHE-RSA-AES256-SHA',
        'ECDHE-RSA-AES128-SHA',
      ],
      ...[
        'AES256-GCM-SHA384',
        'AES128-GCM-SHA256',
        'AES256-SHA256',
        'AES128-SHA256',
        'AES256-SHA',
        'AES128-SHA',
      ],
    ];
    for (const offered of [windows7, windows7.reverse()]) {
      const options = {
        maxVersion: 'TLSv1.2',
        ciphers: offered.join(':'),
        ecdhCurve: 'P-256:P-384',
      } as const;
      expect((await openTls(port, options)).getCipher().name).toMatch(/^ECDHE-RSA-AES/);
    }
  });

  it('reads a renewed certificate on SIGHUP, and keeps the old one when the new one is broken', async () => {
    const { port } = await startSecureServer();
    expect(await readCertificateName(port)).toBe('first.example');

    await writeCertificate('second.example');
    process.emit('SIGHUP');
    await waitFor(async () => expect(await readCertificateName(port)).toBe('second.example'));

    writeFileSync(certFile, 'not a certificate');
    process.emit('SIGHUP');
    expect(await readCertificateName(port)).toBe('second.example');
  });

  it('says which files cannot be used', async () => {
    await writeCertificate('first.example');
    writeFileSync(keyFile, 'not a key');
    Object.assign(config, { TLS_CERT: certFile, TLS_KEY: keyFile });
    await expect(startWebServer(() => undefined)).rejects.toThrow(`TLS_KEY=${keyFile} cannot be used`);
  });
});

describe('HTTP_REDIRECT_PORT', () => {
  it('sends to the same page by HTTPS', async () => {
    const { port, redirectPort = 0 } = await startSecureServer();
    const response = await ask(redirectPort, 'GET', '/selfpage/calls?month=201711', 'portal.example:80');
    expect(response.statusCode).toBe(301);
    expect(response.headers.location).toBe(`https://portal.example:${port}/selfpage/calls?month=201711`);
    expect((await ask(redirectPort, 'POST', '/selfpage/login', 'portal.example')).statusCode).toBe(308);
  });

  it.each(['evil.example/', 'a b', 'user@evil.example', 'portal.example:80:80'])(
    'answers 400 to the host %j',
    async (host) => {
      const { redirectPort = 0 } = await startSecureServer();
      expect((await ask(redirectPort, 'GET', '/', host)).statusCode).toBe(400);
    },
  );
});
