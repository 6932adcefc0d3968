import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import compression from 'compression';
import { type RequestHandler, Router } from 'express';
import { config, projectRoot } from '../../config';
import { DEFAULT_THEME, applyTheme, buildTheme } from '../../lib/settings/accent';

const { OPERATOR_COLOUR, OPERATOR_LOGO } = config;
const folder = path.join(projectRoot, 'public');
const theme = OPERATOR_COLOUR ? buildTheme(OPERATOR_COLOUR) : DEFAULT_THEME;
const logo = OPERATOR_LOGO && `logo${path.extname(OPERATOR_LOGO).toLowerCase()}`;

interface PublicFile {
  body: Buffer;
  /** A digest of the content, so that a new content has a new address. */
  version: string;
}

/** The files by name; the style sheet is in the operator's colour. */
const files = new Map(
  readdirSync(folder).map((name) => {
    const body = readFileSync(path.join(folder, name));
    return [name, toPublicFile(name === 'style.css' ? Buffer.from(applyTheme(String(body), theme)) : body)];
  }),
);
if (OPERATOR_LOGO && logo) files.set(logo, toPublicFile(readFileSync(OPERATOR_LOGO)));

function toPublicFile(body: Buffer): PublicFile {
  return { body, version: hash('sha256', body).slice(0, 12) };
}

/** The address of a file of `public/`, which changes with its content. */
export function getPublicUrl(name: string): string {
  const file = files.get(name);
  if (!file) throw new Error(`public/ has no ${name}`);
  return `/public/${name}?v=${file.version}`;
}

/** The address of the operator's logo; undefined if none is configured. */
export const LOGO_URL = logo && getPublicUrl(logo);

/** Serves style sheet, logo and scripts, cacheable for a year under the address that pages use. */
export function publicFiles(): Router {
  const router = Router();
  router.use(compression({ threshold: 0 }));
  router.get('/:name', sendPublicFile);
  return router;
}

const sendPublicFile: RequestHandler<{ name: string }> = (req, res, next) => {
  const { name } = req.params;
  const file = files.get(name);
  if (!file) {
    next();
    return;
  }
  // A page from before an update asks for another version: that address must not cache this content.
  const isCurrentUrl = req.query.v === file.version;
  res.set('Cache-Control', isCurrentUrl ? 'public, max-age=31536000, immutable' : 'no-cache');
  res.set('ETag', `W/"${file.version}"`);
  res.type(path.extname(name)).send(file.body);
};

/** Serves the icon to browsers that ask for it by themselves, whatever the page says. */
export const favicon: RequestHandler = (_req, res) => {
  res.sendFile(path.join(folder, 'icon.png'), { maxAge: '1h' });
};
