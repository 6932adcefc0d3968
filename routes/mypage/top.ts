import { Router } from 'express';

/** The page after login. */
export const topRouter = Router();

topRouter.get('/', (_req, res) => {
  res.render('mypage/top/show');
});
