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
