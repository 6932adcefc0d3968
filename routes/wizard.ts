import { randomUUID } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import type { z } from 'zod';
import { readForm } from './form';

type Answers = Record<string, string>;

/** What the session keeps of a wizard: the answers between start and confirm, or that it is done. */
export type WizardState = { id: string; answers: Answers } | 'done';

export interface Wizard<T extends Answers> {
  /** Under this name the session keeps the answers. */
  name: string;
  /** Folder under views/ that holds start.ejs, confirm.ejs and done.ejs. */
  views: string;
  /** Where 「キャンセル」 leads. */
  exit: string;
  /** Checks the form and gives what is kept until the confirm: of a secret, its hash. */
  form(req: Request): z.ZodType<T>;
  /** Anything else that the pages show. */
  page?(req: Request): object;
  /** Called after the confirm; a double click calls it twice with one submission id, and must change once. */
  save(req: Request, answers: T, submissionId: string): Promise<void>;
}

/** 開始 → 確認 → 完了. Nothing is saved before the confirm; a step out of order leads to the one that is right now. */
export function wizard<T extends Answers>(steps: Wizard<T>): Router {
  const router = Router();
  const kept = (req: Request) => req.session.wizards?.[steps.name];
  const keep = (req: Request, state: WizardState | undefined) => {
    req.session.wizards = { ...req.session.wizards, [steps.name]: state };
  };
  const show = (req: Request, res: Response, step: string, more: object = {}) =>
    res.render(`${steps.views}/${step}`, {
      base: req.baseUrl,
      exit: steps.exit,
      ...steps.page?.(req),
      values: {},
      errors: {},
      ...more,
    });
  const lead = (req: Request, res: Response) => {
    const state = kept(req);
    const step = state === 'done' ? '/done' : state ? '/confirm' : '';
    res.redirect(303, req.baseUrl + step);
  };

  router.post(['/', '/confirm'], (req, res, next) => {
    if (!('cancel' in ((req.body ?? {}) as object))) {
      next();
      return;
    }
    keep(req, undefined);
    res.redirect(303, steps.exit);
  });

  router.get('/', (req, res) => {
    show(req, res, 'start');
  });

  router.post('/', async (req, res) => {
    const posted = await readForm(steps.form(req), req.body);
    if (!posted.ok) {
      show(req, res.status(422), 'start', posted);
      return;
    }
    keep(req, { id: randomUUID(), answers: posted.data });
    lead(req, res);
  });

  router.get('/confirm', (req, res) => {
    const state = kept(req);
    if (state && state !== 'done')
      show(req, res, 'confirm', { submissionId: state.id, values: state.answers });
    else lead(req, res);
  });

  router.post('/confirm', async (req, res) => {
    const state = kept(req);
    const { submission } = (req.body ?? {}) as { submission?: string };
    // Another tab may have begun anew: only what this page showed is confirmed.
    if (state && state !== 'done' && state.id === submission) {
      await steps.save(req, state.answers as T, state.id);
      keep(req, 'done');
    }
    lead(req, res);
  });

  router.get('/done', (req, res) => {
    if (kept(req) === 'done') show(req, res, 'done');
    else lead(req, res);
  });

  return router;
}
