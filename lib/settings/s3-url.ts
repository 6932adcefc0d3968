import { z } from 'zod';

/** Where files are kept in S3. */
export interface S3Address {
  bucket: string;
  /** What each key begins with: nothing, or a path with a slash at its end. */
  prefix: string;
  /** Without one Amazon's SDK looks for it: AWS_REGION, or a profile. */
  region?: string;
  /** Of a server that is not Amazon's. */
  endpoint?: string;
  /** Whether the bucket stands in the path of an address, as most own servers want it, instead of in the host's name. */
  pathStyle: boolean;
}

const BUCKET = /^[\w.-]{3,63}$/;
/** What is signed where an own server does not care. */
const DEFAULT_REGION = 'us-east-1';

const schema = z.strictObject({
  region: z
    .string()
    .regex(/^[\w-]+$/)
    .optional(),
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  'path-style': z.enum(['yes', 'no']).optional(),
});

/** Reads `s3://BUCKET/PREFIX?region=…&endpoint=…&path-style=…`; undefined where it is not so. */
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
