import { readFile } from 'node:fs/promises';
import path from 'node:path';
import compression from 'compression';
import express, { type RequestHandler, Router } from 'express';
import { config, projectRoot } from '../config';
import { DEFAULT_THEME, styleInTheme, themeOf } from '../models/theme';

const folder = path.join(projectRoot, 'public');
const theme = config.OPERATOR_COLOUR ? themeOf(config.OPERATOR_COLOUR) : DEFAULT_THEME;
const cached = { maxAge: '1h' };

/** Where the operator's logo is served; none where none is configured. */
export const LOGO_ADDRESS =
  config.OPERATOR_LOGO && `/public/logo${path.extname(config.OPERATOR_LOGO).toLowerCase()}`;

/** The style sheet in the operator's colour, the logo, the scripts. */
export function publicFiles(): Router {
  const router = Router();
  router.use(compression({ threshold: 0 }));
  router.get('/style.css', async (_req, res) => {
    const style = await readFile(path.join(folder, 'style.css'), 'utf8');
    res.type('css').set('Cache-Control', 'public, max-age=3600').send(styleInTheme(style, theme));
  });
  const { OPERATOR_LOGO } = config;
  if (OPERATOR_LOGO)
    router.get(`/${path.basename(LOGO_ADDRESS ?? '')}`, (_req, res) => res.sendFile(OPERATOR_LOGO, cached));
  router.use(express.static(folder, cached));
  return router;
}

/** For browsers that ask for it by themselves, whatever a page says. */
export const favicon: RequestHandler = (_req, res) => {
  res.sendFile(path.join(folder, 'icon.png'), cached);
};
