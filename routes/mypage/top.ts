import { Router } from 'express';

/** Where a member arrives. */
export const topRouter = Router();

topRouter.get('/', (_req, res) => {
  res.render('mypage/top/show');
});
