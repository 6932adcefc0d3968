import { createHmac, timingSafeEqual } from 'node:crypto';
import { getSessionSecrets } from './session-secret';

/** A signature holds for one purpose: a value of one cookie is worth nothing in another. */
const sign = (secret: string, purpose: string, payload: string): Buffer =>
  createHmac('sha256', secret).update(`meisai ${purpose}:${payload}`).digest();

/** Signs a value that a browser keeps. It can be read by its owner, but not changed. */
export function signValue(purpose: string, value: unknown): string {
  const [secret = ''] = getSessionSecrets();
  const payload = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${payload}.${sign(secret, purpose, payload).toString('base64url')}`;
}

/** The value that was signed, by any of the session secrets; undefined if it was changed or signed for something else. */
export function openSignedValue(purpose: string, text: string): unknown {
  const [payload = '', signature = ''] = text.split('.');
  const given = Buffer.from(signature, 'base64url');
  const isSigned = getSessionSecrets().some((secret) => {
    const expected = sign(secret, purpose, payload);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isSigned ? (JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown) : undefined;
}
