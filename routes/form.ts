import { randomUUID } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import type { z } from 'zod';

export type FormValues = Record<string, string>;
/** One message a field, in the order of the form. */
export type FieldErrors = Record<string, string>;

type FormResult<T> = { ok: true; data: T } | { ok: false; values: FormValues; errors: FieldErrors };

/** Checks a posted form. On failure: what was typed (never a password), and one message a field. */
export async function readForm<T>(schema: z.ZodType<T>, body: unknown): Promise<FormResult<T>> {
  const result = await schema.safeParseAsync(body ?? {});
  if (result.success) return { ok: true, data: result.data };

  const errors: FieldErrors = {};
  for (const issue of result.error.issues) errors[String(issue.path[0])] ??= issue.message;
  return { ok: false, values: safeFormValues(body), errors };
}

const SECRET_FIELD = /password|current|again|^new|code/i;

/** The text fields of a form that may be shown again. */
export function safeFormValues(body: unknown): FormValues {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && !SECRET_FIELD.test(entry[0]),
    ),
  );
}

type Answers = Record<string, string>;

declare module 'express-session' {
  interface SessionData {
    /** The state of each wizard by its name: the answers between start and confirm, or that it is done. */
    wizards: Record<string, { id: string; answers: Answers } | 'done' | undefined>;
  }
}

export interface Wizard<T extends Answers> {
  /** The session keeps the answers under this name. */
  name: string;
  /** Folder under views/ that holds start.ejs, confirm.ejs and done.ejs. */
  views: string;
  /** The address behind 「キャンセル」. */
  exit: string;
  /** The schema of the form. Its output is kept in the session until the confirm: the hash of a secret, never itself. */
  buildForm(req: Request): z.ZodType<T>;
  /** Anything else that the pages show. */
  locals?(): object;
  /** Called on confirm. A double click calls it twice with the same submission id, and must save only once. */
  save(req: Request, answers: T, submissionId: string): Promise<void>;
}

/** 開始 → 確認 → 完了. Nothing is saved before the confirm; a step out of order redirects to the current one. */
export function createWizard<T extends Answers>(steps: Wizard<T>): Router {
  const router = Router();
  const getState = (req: Request) => req.session.wizards?.[steps.name];
  const saveState = (req: Request, state: ReturnType<typeof getState>) => {
    req.session.wizards = { ...req.session.wizards, [steps.name]: state };
  };
  const renderStep = (req: Request, res: Response, step: string, more: object = {}) =>
    res.render(`${steps.views}/${step}`, {
      base: req.baseUrl,
      exit: steps.exit,
      ...steps.locals?.(),
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
    // Another tab may have started anew: only what this page showed is confirmed.
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
