import { errorCode, UNTRUSTED_CERTIFICATE } from '../process/error-code';
import { FileNotFoundError, StoreUnavailableError } from './store';
import type { S3Address } from '../settings/s3-url';

/** An error of the SDK; it has a status if S3 has answered. */
interface ResponseError extends Error {
  $metadata?: { httpStatusCode?: number };
}

const KEYS = 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

/** The fault and its remedy, by the name, code or message of an error or the status of an answer. */
const EXPLANATIONS: [RegExp, string][] = [
  [/^CredentialsProviderError$/, `has no credentials: set ${KEYS}`],
  [/^Region is missing$/, 'has no region: add ?region=REGION to FILE_STORE, or set AWS_REGION'],
  [/^(AbortError|TimeoutError)$/, 'does not answer in time: is FILE_STORE right?'],
  [
    UNTRUSTED_CERTIFICATE,
    'has a certificate that is not trusted: set NODE_EXTRA_CA_CERTS to that of its authority',
  ],
  [
    /^(301|PermanentRedirect|AuthorizationHeaderMalformed)$/,
    'is in another region: put that one into FILE_STORE',
  ],
  [/^NoSuchBucket$/, 'does not exist: make the bucket, or correct FILE_STORE'],
  [/^RequestTimeTooSkewed$/, 'has another time than this machine: set its clock'],
  [/^40[13]$/, `refuses the credentials: check ${KEYS}, and what they may do`],
  [/^[45]\d\d$/, 'cannot do for now what it was asked: try again later'],
];

/** Explains a failed request to the operator in one sentence. */
export function toStoreUnavailableError(error: unknown, { bucket, prefix, endpoint }: S3Address): Error {
  if (error instanceof StoreUnavailableError || error instanceof FileNotFoundError) return error;
  const { name, message, $metadata } = error as ResponseError;
  const status = $metadata?.httpStatusCode;
  const words = [name, message, errorCode(error), String(status)];
  const reason =
    EXPLANATIONS.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1] ??
    'does not answer: is FILE_STORE right?';
  const where = `The file store s3://${bucket}/${prefix}${endpoint ? ` at ${endpoint}` : ''}`;
  const sign = status ? `${status} ${name}` : errorCode(error) || message;
  return new StoreUnavailableError(`${where} ${reason} (${sign})`, { cause: error });
}

/** Whether S3 says that there is no such object. */
export const isNoSuchKey = (error: unknown): boolean => (error as Error).name === 'NoSuchKey';

/** Whether a server does not know the request at all. */
export const isNotImplemented = (error: unknown): boolean =>
  (error as ResponseError).$metadata?.httpStatusCode === 501;
