import { codeOf } from '../error-code';
import { FileGoneError, StoreAwayError } from './file-store-error';
import type { S3Address } from './s3-address';

/** What errors of the SDK may have: a status where S3 has answered. */
interface AnsweredError extends Error {
  $metadata?: { httpStatusCode?: number };
}

const KEYS = 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

/** Errors by which S3 tells of another region than the one that was signed for. */
const ELSEWHERE = ['PermanentRedirect', 'AuthorizationHeaderMalformed'];

/** Our own time limits. */
const SLOW = ['AbortError', 'TimeoutError'];

/** A sentence for the operator of what came of a request. */
export function storeAwayError(error: unknown, { bucket, prefix, endpoint }: S3Address): Error {
  if (error instanceof StoreAwayError || error instanceof FileGoneError) return error;
  const where = `The file store s3://${bucket}/${prefix}${endpoint ? ` at ${endpoint}` : ''}`;
  return new StoreAwayError(`${where} ${reasonOf(error as AnsweredError)}`, { cause: error });
}

function reasonOf(error: AnsweredError): string {
  const { name, message, $metadata } = error;
  const status = $metadata?.httpStatusCode;
  if (name === 'CredentialsProviderError') return `has no credentials: set ${KEYS}`;
  if (SLOW.includes(name)) return 'does not answer in time: is FILE_STORE right?';
  if (status === undefined) return `does not answer (${codeOf(error) || message}): is FILE_STORE right?`;
  if (status === 301 || ELSEWHERE.includes(name))
    return 'is in another region: set the right one in FILE_STORE';
  if (name === 'RequestTimeTooSkewed') return 'finds the time of this machine wrong: set its clock';
  if (name === 'NoSuchBucket') return 'does not exist: make the bucket, or correct FILE_STORE';
  if (status === 401 || status === 403)
    return `refuses the credentials (${status} ${name}): check ${KEYS}, and what they may do`;
  return `cannot do what it was asked for now (${status} ${name}): try again later`;
}

/** Whether S3 says that there is no such object. */
export const isNoSuchKey = (error: unknown): boolean => (error as Error).name === 'NoSuchKey';

/** Whether a server does not know the request at all. */
export const isNotImplemented = (error: unknown): boolean =>
  (error as AnsweredError).$metadata?.httpStatusCode === 501;
