import type { S3 } from '@aws-sdk/client-s3';
import type { S3Address } from '../settings/s3-url';

/** Limits for opening a connection, and for an answer, which includes sending the 5 MB of a part. */
const CONNECT_TIMEOUT_MS = 2000;
const REQUEST_TIMEOUT_MS = 30_000;
/** A download that nobody reads gives up its connection after this time; the customer's browser resumes it. */
const IDLE_TIMEOUT_MS = 120_000;
/** Each running download holds one. */
const MAX_CONNECTIONS = 500;

/**
 * Opens a client. Credentials are found as in all of Amazon's libraries: AWS_ACCESS_KEY_ID and
 * AWS_SECRET_ACCESS_KEY, else a profile, else the role of the machine. The SDK takes 60 ms and 20 MB to load, so it
 * is loaded only if files are kept in S3.
 */
export async function connectS3({ region, endpoint, pathStyle }: S3Address): Promise<S3> {
  const { S3: Client } = await import('@aws-sdk/client-s3');
  const agent = { maxSockets: MAX_CONNECTIONS };
  return new Client({
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    forcePathStyle: pathStyle,
    // Parts are signed with their SHA-256 already, and many other servers do not know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      socketTimeout: IDLE_TIMEOUT_MS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}
