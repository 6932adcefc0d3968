import { Cluster } from 'ioredis';
import { config, redactPassword } from '../../config';
import { errorCode, UNTRUSTED_CERTIFICATE } from '../process/error-code';
import { getRedis } from './redis';
import { createRedisClient, redisConnection } from './connection-options';

const UNUSABLE_FILE = /^ERR_(OSSL|SSL|TLS)_/;

/** The fault and its remedy, by the code of an error or its message. */
const EXPLANATIONS: [RegExp, what: string, toDo: string][] = [
  [
    /unreachable.*unknown command/i,
    'is no Sentinel',
    'write redis:// or rediss:// in place of redis-sentinel:// or rediss-sentinel:// in REDIS_URL.',
  ],
  [
    /unreachable.*Authentication required|unreachable.*NOAUTH/,
    'has Sentinels that want a password',
    'set REDIS_SENTINEL_PASSWORD.',
  ],
  [
    /No such master|unreachable and retry is disabled\.$/,
    'has Sentinels that know no such master',
    'put the name by which they monitor it at the end of REDIS_URL, after the slash.',
  ],
  [
    /unknown command/i,
    'is a Sentinel',
    'write redis-sentinel://HOST:PORT,HOST:PORT,…/MASTER (rediss-sentinel:// with TLS) into REDIS_URL.',
  ],
  [
    UNTRUSTED_CERTIFICATE,
    'has a certificate that is not trusted',
    'set REDIS_TLS_CA to the certificate of the authority that signed it.',
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID/,
    'has a certificate for another name',
    'put a name of that certificate into REDIS_URL.',
  ],
  [
    /ALERT_CERTIFICATE_REQUIRED/,
    'wants a certificate of us',
    'set REDIS_TLS_CERT and REDIS_TLS_KEY to one that its authority has signed.',
  ],
  [
    UNUSABLE_FILE,
    'cannot be asked',
    'are REDIS_TLS_CA, REDIS_TLS_CERT and REDIS_TLS_KEY files in the form PEM?',
  ],
  [
    /^(WRONGPASS|NOAUTH|NOPERM)/,
    'wants another password',
    'put user and password into REDIS_URL, as redis://USER:PASSWORD@HOST:PORT.',
  ],
  [
    /cluster support disabled/,
    'is no cluster',
    'write redis:// or rediss:// in place of redis-cluster:// or rediss-cluster:// in REDIS_URL.',
  ],
  [/CLUSTERDOWN/, 'is a cluster that is down', 'start the nodes that are missing.'],
];
const NO_ANSWER = ['does not answer', 'is REDIS_URL right, and are its certificates, where it wants any?'];

/** Says in one sentence for the operator why Redis fails. */
export async function diagnoseRedis(): Promise<string> {
  const nodes = [undefined, ...redisConnection().nodes.slice(1)];
  for (const node of nodes) {
    const error = await probeRedis(node);
    if (error) return formatDiagnosis(error);
  }
  return formatDiagnosis(new Error('it has just come back'));
}

/** Explains when REDIS_URL is standalone but the server runs in cluster mode; otherwise undefined. */
export async function explainClusterMismatch(): Promise<string | undefined> {
  const shared = getRedis();
  if (shared instanceof Cluster || !(await shared.info('cluster')).includes('cluster_enabled:1')) return;
  return (
    `The Redis at ${getRedisAddress()} is a node of a cluster: ` +
    'write redis-cluster://HOST:PORT,HOST:PORT,… (rediss-cluster:// with TLS) into REDIS_URL.'
  );
}

const getRedisAddress = () => redactPassword(config.REDIS_URL ?? 'DATA_DIR');

function formatDiagnosis(error: Error): string {
  const known = EXPLANATIONS.find(([sign]) => sign.test(errorCode(error)) || sign.test(error.message));
  const [what, toDo] = known?.slice(1) ?? NO_ANSWER;
  return `The Redis at ${getRedisAddress()} ${what} (${error.message}): ${toDo}`;
}

async function probeRedis(node?: string): Promise<Error | undefined> {
  const probe = createRedisClient(
    {
      ...{ lazyConnect: true, connectTimeout: 2000, commandTimeout: 2000 },
      ...{ retryStrategy: () => null, sentinelRetryStrategy: () => null },
    },
    node,
  );
  let first: Error | undefined;
  probe.on('error', (error: Error) => {
    first ??= error;
  });
  try {
    await probe.connect();
    if (redisConnection().nodes.length === 0) {
      // A Sentinel does not know this command.
      await probe.exists('meisai');
      return undefined;
    }
    const isWhole = (await probe.cluster('INFO')).includes('cluster_state:ok');
    return isWhole ? undefined : new Error('CLUSTERDOWN');
  } catch (error) {
    return first ?? (error as Error);
  } finally {
    probe.disconnect();
  }
}
