import type { z } from 'zod';

export type Values = Record<string, string>;
/** One message a field, in the order of the form. */
export type FieldErrors = Record<string, string>;

type Form<T> = { ok: true; data: T } | { ok: false; values: Values; errors: FieldErrors };

/** Checks a posted form. On failure: what was typed (never a password), and one message a field. */
export async function readForm<T>(schema: z.ZodType<T>, body: unknown): Promise<Form<T>> {
  const result = await schema.safeParseAsync(body ?? {});
  if (result.success) return { ok: true, data: result.data };

  const errors: FieldErrors = {};
  for (const issue of result.error.issues) errors[String(issue.path[0])] ??= issue.message;
  return { ok: false, values: typedValues(body), errors };
}

const SECRET = /password|current|again|^new|code/i;

/** The text fields of a form that may be shown again. */
export function typedValues(body: unknown): Values {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && !SECRET.test(entry[0]),
    ),
  );
}
