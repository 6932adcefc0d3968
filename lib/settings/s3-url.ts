import { z } from 'zod';

/** The place in S3 where files are kept. */
export interface S3Address {
  bucket: string;
  /** The beginning of each key: empty, or a path with a slash at its end. */
  prefix: string;
  /** If undefined, Amazon's SDK finds it: AWS_REGION, or a profile. */
  region?: string;
  /** The address of a server that is not Amazon's. */
  endpoint?: string;
  /** Whether the bucket is part of the path, as most servers other than Amazon's expect, or of the host name. */
  pathStyle: boolean;
}

const BUCKET = /^[\w.-]{3,63}$/;
/** Part of signatures; servers other than Amazon's do not check it. */
const DEFAULT_REGION = 'us-east-1';

const schema = z.strictObject({
  region: z
    .string()
    .regex(/^[\w-]+$/)
    .optional(),
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  'path-style': z.enum(['yes', 'no']).optional(),
});

/** Reads `s3://BUCKET/PREFIX?region=…&endpoint=…&path-style=…`; undefined if it is malformed. */
export function parseS3Address(text: string): S3Address | undefined {
  if (!text.startsWith('s3://') || !URL.canParse(text)) return undefined;
  const { host: bucket, pathname, searchParams, username, hash } = new URL(text);
  const options = schema.safeParse(Object.fromEntries(searchParams)).data;
  if (!options || !BUCKET.test(bucket) || username || hash) return undefined;
  const path = decodeURIComponent(pathname).replace(/^\/+|\/+$/g, '');
  const { endpoint, 'path-style': style } = options;
  const region = options.region ?? (endpoint && DEFAULT_REGION);
  return {
    bucket,
    prefix: path && `${path}/`,
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    pathStyle: style ? style === 'yes' : endpoint !== undefined,
  };
}
