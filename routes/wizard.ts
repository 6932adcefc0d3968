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
  buildForm(req: Request): z.ZodType<T>;
  /** Anything else that the pages show. */
  locals?(req: Request): object;
  /** Called after the confirm; a double click calls it twice with one submission id, and must change once. */
  save(req: Request, answers: T, submissionId: string): Promise<void>;
}

/** 開始 → 確認 → 完了. Nothing is saved before the confirm; a step out of order leads to the one that is right now. */
export function createWizard<T extends Answers>(steps: Wizard<T>): Router {
  const router = Router();
  const getState = (req: Request) => req.session.wizards?.[steps.name];
  const saveState = (req: Request, state: WizardState | undefined) => {
    req.session.wizards = { ...req.session.wizards, [steps.name]: state };
  };
  const renderStep = (req: Request, res: Response, step: string, more: object = {}) =>
    res.render(`${steps.views}/${step}`, {
      base: req.baseUrl,
      exit: steps.exit,
      ...steps.locals?.(req),
      values: {},
      errors: {},
      ...more,
    });
  const redirectToStep = (req: Request, res: Response) => {
    const state = getState(req);
    const step = state === 'done' ? '/done' : state ? '/confirm' : '';
    res.redirect(303, req.baseUrl + step);
  };

  router.post(['/', '/confirm'], (req, res, next) => {
    if (!('cancel' in ((req.body ?? {}) as object))) {
      next();
      return;
    }
    saveState(req, undefined);
    res.redirect(303, steps.exit);
  });

  router.get('/', (req, res) => {
    renderStep(req, res, 'start');
  });

  router.post('/', async (req, res) => {
    const posted = await readForm(steps.buildForm(req), req.body);
    if (!posted.ok) {
      renderStep(req, res.status(422), 'start', posted);
      return;
    }
    saveState(req, { id: randomUUID(), answers: posted.data });
    redirectToStep(req, res);
  });

  router.get('/confirm', (req, res) => {
    const state = getState(req);
    if (state && state !== 'done')
      renderStep(req, res, 'confirm', { submissionId: state.id, values: state.answers });
    else redirectToStep(req, res);
  });

  router.post('/confirm', async (req, res) => {
    const state = getState(req);
    const { submission } = (req.body ?? {}) as { submission?: string };
    // Another tab may have begun anew: only what this page showed is confirmed.
    if (state && state !== 'done' && state.id === submission) {
      await steps.save(req, state.answers as T, state.id);
      saveState(req, 'done');
    }
    redirectToStep(req, res);
  });

  router.get('/done', (req, res) => {
    if (getState(req) === 'done') renderStep(req, res, 'done');
    else redirectToStep(req, res);
  });

  return router;
}
