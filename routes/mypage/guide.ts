import { Router } from 'express';
import { config } from '../../config';

/** Explains to everybody what customers can see here, and how. */
export const guideRouter = Router();

guideRouter.get('/', (_req, res) => {
  res.render('mypage/guide/show', { months: config.USAGE_MONTHS });
});
