import { config, withoutPassword } from '../config';
import { codeOf } from './error-code';
import { newRedis } from './redis';

const NOT_TRUSTED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)$/;
const OTHER_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';
const UNUSABLE_FILE = /^ERR_(OSSL|SSL|TLS)_/;
const WRONG_PASSWORD = /^(WRONGPASS|NOAUTH|NOPERM)/;

/** Tries one connection, and says why Redis cannot be used: one sentence for whoever has set REDIS_URL. */
export async function redisFault(): Promise<string> {
  const error = await connectionError();
  const place = withoutPassword(config.REDIS_URL ?? 'DATA_DIR');
  const [what, toDo] = explanationOf(error);
  return `The Redis at ${place} ${what} (${error.message}): ${toDo}`;
}

function explanationOf(error: Error): [what: string, toDo: string] {
  const code = codeOf(error);
  if (NOT_TRUSTED.test(code))
    return [
      'has a certificate that is not trusted',
      'set REDIS_TLS_CA to the certificate of the authority that signed it.',
    ];
  if (code === OTHER_NAME)
    return ['has a certificate for another name', 'put a name of that certificate into REDIS_URL.'];
  if (UNUSABLE_FILE.test(code))
    return ['cannot be asked', 'are REDIS_TLS_CA, REDIS_TLS_CERT and REDIS_TLS_KEY files in the form PEM?'];
  if (WRONG_PASSWORD.test(error.message))
    return [
      'wants another password',
      'put user and password into REDIS_URL, rediss://USER:PASSWORD@HOST:PORT.',
    ];
  return ['does not answer', 'is REDIS_URL right, and are its certificates, where it wants any?'];
}

async function connectionError(): Promise<Error> {
  const probe = newRedis({ lazyConnect: true, retryStrategy: () => null, connectTimeout: 2000 });
  let first: Error | undefined;
  probe.on('error', (error: Error) => {
    first ??= error;
  });
  try {
    await probe.connect();
    return new Error('it has just come back');
  } catch (error) {
    return first ?? (error as Error);
  } finally {
    probe.disconnect();
  }
}
