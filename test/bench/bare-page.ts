import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import compression from 'compression';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import { config } from '../../config';
import { getRedis } from '../../lib/redis/redis';
import type { TableSize } from './table-size';

declare module 'express-session' {
  interface SessionData {
    visitor?: string;
  }
}

/** The bytes of a cell besides its words: its tags, its column, its share of the row's tags. */
const CELL_BYTES = 11;
/** Japanese, as the portal's pages are: V8 writes other strings more quickly. */
const WORDS = '12,345円';

const view = `<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title><%= visitor %></title></head>
<body><h1><%= visitor %></h1><table><% for (const row of rows) { %>
<tr><% for (const cell of row) { %><td><%= cell %></td><% } %></tr><% } %></table></body></html>`;

/** Measures Express, EJS, gzip and a session in Redis without a portal: a page with a table of this size. */
async function serveBarePage({ rows, columns, bytes }: TableSize): Promise<void> {
  const app = express();
  const folder = path.join(config.DATA_DIR, 'bare-views');
  app.set('views', folder);
  app.set('view engine', 'ejs');
  app.set('view cache', true);
  writeFileSync(path.join(folder, 'page.ejs'), view);
  const bytesOfCell = Math.max(0, bytes / (rows * columns) - CELL_BYTES);
  const words = WORDS.repeat(Math.round(bytesOfCell / Buffer.byteLength(WORDS)));
  const store = new RedisStore({ client: getRedis(), prefix: 'bare-page:' });
  app.use(compression());
  app.use(session({ secret: 'bare', store, resave: false, saveUninitialized: false }));
  app.get('/login', (req, res) => {
    req.session.visitor = 'd900000001';
    res.send('');
  });
  app.get('/page', (req, res) => {
    const cells = Array.from({ length: columns }, (_, column) => words + String(column));
    res.render('page', { visitor: req.session.visitor, rows: Array.from({ length: rows }, () => cells) });
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`);
}

void serveBarePage(JSON.parse(process.argv[2] ?? '{}') as TableSize);
