import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Express } from 'express';
import request from 'supertest';
import { projectRoot } from '../../../config';
import { Browser } from '../../support/browser';
import { createSelfPageUser, openSelfPageBrowser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const logo = path.join(projectRoot, 'test', 'fixtures', 'logo.png');
let app: Express;

beforeAll(async () => {
  await openTestPortal();
  Object.assign(process.env, { OPERATOR_COLOUR: '#7A1F5C', OPERATOR_LOGO: logo });
  jest.resetModules();
  app = jest.requireActual<typeof import('../../../app')>('../../../app').createApp();
});
afterAll(async () => {
  const { closeRedis } =
    jest.requireActual<typeof import('../../../lib/redis/redis')>('../../../lib/redis/redis');
  const { db } = jest.requireActual<typeof import('../../../lib/database/db')>('../../../lib/database/db');
  await Promise.all([closeRedis(), db.destroy()]);
  await closeTestPortal();
});

const getStyleUrl = async () =>
  (await new Browser(app).visit('/')).$('link[rel=stylesheet]').attr('href') ?? '';

describe('GET /public/style.css', () => {
  it('is in the colour of the operator, compressed, and kept by browsers for a year', async () => {
    const { headers, text } = await request(app)
      .get(await getStyleUrl())
      .expect(200);
    expect(text).toContain('--accent: #7a1f5c;');
    expect(text).not.toContain('#165e83');
    expect(headers).toMatchObject({
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
    expect(headers['content-encoding']).toMatch(/gzip|br/);
  });

  it('has an address of its content: another colour has another', async () => {
    const address = await getStyleUrl();
    const { text } = await request(app).get(address);
    const version = hash('sha256', text).slice(0, 12);
    expect(address).toBe(`/public/style.css?v=${version}`);
  });

  it.each(['/public/style.css', '/public/style.css?v=000000000000'])(
    'is asked for each time under the address of another version: %s',
    async (address) => {
      const { headers } = await request(app).get(address).expect(200);
      expect(headers['cache-control']).toBe('no-cache');
    },
  );

  it('answers 304 to who has it, and plainly to who knows no compression', async () => {
    const plain = await request(app).get('/public/style.css').set('Accept-Encoding', 'identity').expect(200);
    expect(plain.headers['content-encoding']).toBeUndefined();
    await request(app)
      .get('/public/style.css')
      .set('If-None-Match', plain.headers.etag ?? '')
      .expect(304);
  });

  it('is the only style of a page, and there are no files beside those of the folder', async () => {
    const { $ } = await new Browser(app).visit('/');
    expect($('link[rel=stylesheet], style').length).toBe(1);
    await request(app).get('/public/nothing.css').expect(404);
    await request(app).get('/public/..%2fpackage.json').expect(404);
  });
});

describe('GET /favicon.ico', () => {
  it('is the icon that pages name', async () => {
    const { headers } = await request(app).get('/favicon.ico').expect(200);
    expect(headers['content-type']).toBe('image/png');
    expect(headers['set-cookie']).toBeUndefined();
    await request(app).get('/public/icon.png').expect(200);
  });
});

describe('the logo of the operator', () => {
  it('stands in the header with words in its place, and is the file', async () => {
    const browser = await new Browser(app).visit('/');
    const image = browser.$('.brand img');
    expect(image.attr('alt')).toContain('しおみ通信');
    const { body, headers } = (await request(app)
      .get(image.attr('src') ?? '')
      .expect(200)) as { body: unknown; headers: Record<string, string> };
    expect(headers['content-type']).toBe('image/png');
    expect(body).toEqual(readFileSync(logo));
  });
});

describe('a page', () => {
  it('is not compressed where it repeats what was typed (BREACH)', async () => {
    const { headers } = await request(app).get('/').set('Accept-Encoding', 'gzip, br').expect(200);
    expect(headers['content-encoding']).toBeUndefined();
  });

  it('is compressed where a signed-in customer reads it', async () => {
    const browser = await openSelfPageBrowser(app, await createSelfPageUser());
    expect(browser.getHeader('content-encoding')).toBe('gzip');
    await browser.visit('/selfpage/password');
    await browser.press('OK');
    expect(browser.getHeader('content-encoding')).toBe('');
  });
});
