import type {
  _Object,
  ListMultipartUploadsOutput,
  ListMultipartUploadsRequest,
  MultipartUpload,
  S3,
} from '@aws-sdk/client-s3';
import type { S3Address } from '../settings/s3-url';
import { connectS3 } from './s3-connection';
import { isNotImplemented, storeAwayError } from './s3-error';

/** Whoever waits for a page has an answer by then. */
const LONGEST_WAIT_MS = 4000;

/** An object's place in S3. */
export interface S3Object {
  Bucket: string;
  Key: string;
}

/** A server that cannot list unfinished uploads has to remove them by itself. */
function unlisted(error: unknown): { $metadata: object } & Partial<ListMultipartUploadsOutput> {
  if (isNotImplemented(error)) return { $metadata: {} };
  throw error;
}

/** Asks S3 about our part of a bucket. */
export class S3Bucket {
  private connection?: Promise<S3>;

  constructor(private readonly address: S3Address) {}

  /** Sends a request, or a few. @throws StoreAwayError, FileGoneError */
  async ask<Answer>(
    request: (s3: S3, limit: { abortSignal: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer> {
    const s3 = await this.s3();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), LONGEST_WAIT_MS);
    try {
      return await request(s3, { abortSignal: limit.signal });
    } catch (error) {
      throw this.explain(error);
    } finally {
      clearTimeout(timer);
    }
  }

  s3(): Promise<S3> {
    return (this.connection ??= connectS3(this.address));
  }

  readonly explain = (error: unknown): Error => storeAwayError(error, this.address);

  objectOf(key: string): S3Object {
    return { Bucket: this.address.bucket, Key: this.address.prefix + key };
  }

  keyOf({ Key = '' }: { Key?: string }): string {
    return Key.slice(this.address.prefix.length);
  }

  async *objects(): AsyncGenerator<_Object> {
    const { Bucket, Key: Prefix } = this.objectOf('');
    let ContinuationToken: string | undefined;
    do {
      const page = { Bucket, Prefix, ContinuationToken };
      const answer = await this.ask((s3, limit) => s3.listObjectsV2(page, limit));
      yield* answer.Contents ?? [];
      ContinuationToken = answer.NextContinuationToken;
    } while (ContinuationToken);
  }

  /** Ends unfinished uploads of a file: those of killed workers, or of late ones. */
  async abortUploads(key: string): Promise<void> {
    const object = this.objectOf(key);
    for await (const { Key, UploadId } of this.uploads(key))
      if (Key === object.Key)
        await this.ask((s3, limit) => s3.abortMultipartUpload({ ...object, UploadId }, limit));
  }

  /** Unfinished ones, of all keys that begin so. */
  async *uploads(begin = ''): AsyncGenerator<MultipartUpload> {
    const { Bucket, Key: Prefix } = this.objectOf(begin);
    const page: ListMultipartUploadsRequest = { Bucket, Prefix };
    let hasMore: boolean | undefined;
    do {
      const answer = await this.ask((s3, limit) => s3.listMultipartUploads(page, limit).catch(unlisted));
      yield* answer.Uploads ?? [];
      page.KeyMarker = answer.NextKeyMarker;
      page.UploadIdMarker = answer.NextUploadIdMarker;
      hasMore = answer.IsTruncated;
    } while (hasMore);
  }
}
