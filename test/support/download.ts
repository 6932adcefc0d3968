import type { Express } from 'express';
import supertest from 'supertest';
import type { Browser } from './browser';

const SESSION = 'meisai';

/** Asks for a file as this visitor; the body of the answer is a Buffer. */
export function downloadBytes(
  app: Express,
  visitor: Browser,
  path: string,
  headers: Record<string, string> = {},
  method: 'get' | 'head' = 'get',
): supertest.Test {
  return supertest(app)
    [method](path)
    .set({ Host: 'portal.example', Cookie: `${SESSION}=${visitor.getCookie(SESSION)}`, ...headers })
    .buffer(true)
    .parse((stream, done) => {
      const bytes: Buffer[] = [];
      stream.on('data', (some: Buffer) => bytes.push(some));
      stream.on('end', () => done(null, Buffer.concat(bytes)));
    });
}
