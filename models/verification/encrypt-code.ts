import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { getSessionSecrets } from '../sign-in/session-secret';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

const deriveKey = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', 'meisai verification code', 32));

/** Encrypts the digits of a code for their way to the worker. They can be opened for the same owner only. */
export function encryptCode(code: string, owner: string): string {
  const [secret = ''] = getSessionSecrets();
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, deriveKey(secret), iv).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(code, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @throws where none of the secrets opens it */
export function decryptCode(sealed: string, owner: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  for (const secret of getSessionSecrets()) {
    const code = tryDecrypt(bytes, deriveKey(secret), owner);
    if (code !== undefined) return code;
  }
  throw new Error('The sealed code opens with no secret of this program');
}

function tryDecrypt(bytes: Buffer, key: Buffer, owner: string): string | undefined {
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(owner))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([
      decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString();
  } catch {
    return undefined;
  }
}
