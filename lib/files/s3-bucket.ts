import type {
  _Object,
  ListMultipartUploadsOutput,
  ListMultipartUploadsRequest,
  MultipartUpload,
  S3,
} from '@aws-sdk/client-s3';
import type { S3Address } from '../settings/s3-url';
import { connectS3 } from './s3-connection';
import { isNotImplemented, toStoreUnavailableError } from './s3-error';

/** Short enough that a page can still report the failure. */
const MAX_WAIT_MS = 4000;

/** The address of an object in S3. */
export interface S3Object {
  Bucket: string;
  Key: string;
}

/** Accepts servers that cannot list unfinished uploads; they have to remove them themselves. */
function ignoreNotImplemented(error: unknown): { $metadata: object } & Partial<ListMultipartUploadsOutput> {
  if (isNotImplemented(error)) return { $metadata: {} };
  throw error;
}

/** Sends requests about our part of a bucket. */
export class S3Bucket {
  private connection?: Promise<S3>;

  constructor(private readonly address: S3Address) {}

  /** Sends a request, or a few. @throws StoreUnavailableError, FileNotFoundError */
  async send<Answer>(
    request: (s3: S3, limit: { abortSignal: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer> {
    const s3 = await this.getClient();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), MAX_WAIT_MS);
    try {
      return await request(s3, { abortSignal: limit.signal });
    } catch (error) {
      throw this.explain(error);
    } finally {
      clearTimeout(timer);
    }
  }

  getClient(): Promise<S3> {
    return (this.connection ??= connectS3(this.address));
  }

  readonly explain = (error: unknown): Error => toStoreUnavailableError(error, this.address);

  toObject(key: string): S3Object {
    return { Bucket: this.address.bucket, Key: this.address.prefix + key };
  }

  toKey({ Key = '' }: { Key?: string }): string {
    return Key.slice(this.address.prefix.length);
  }

  async *listObjects(): AsyncGenerator<_Object> {
    const { Bucket, Key: Prefix } = this.toObject('');
    let ContinuationToken: string | undefined;
    do {
      const page = { Bucket, Prefix, ContinuationToken };
      const answer = await this.send((s3, limit) => s3.listObjectsV2(page, limit));
      yield* answer.Contents ?? [];
      ContinuationToken = answer.NextContinuationToken;
    } while (ContinuationToken);
  }

  /** Ends unfinished uploads of a file, which killed or late workers have left. */
  async abortUploads(key: string): Promise<void> {
    const object = this.toObject(key);
    for await (const { Key, UploadId } of this.listUploads(key))
      if (Key === object.Key)
        await this.send((s3, limit) => s3.abortMultipartUpload({ ...object, UploadId }, limit));
  }

  /** Unfinished uploads of all keys with this beginning. */
  async *listUploads(begin = ''): AsyncGenerator<MultipartUpload> {
    const { Bucket, Key: Prefix } = this.toObject(begin);
    const page: ListMultipartUploadsRequest = { Bucket, Prefix };
    let hasMore: boolean | undefined;
    do {
      const answer = await this.send((s3, limit) =>
        s3.listMultipartUploads(page, limit).catch(ignoreNotImplemented),
      );
      yield* answer.Uploads ?? [];
      page.KeyMarker = answer.NextKeyMarker;
      page.UploadIdMarker = answer.NextUploadIdMarker;
      hasMore = answer.IsTruncated;
    } while (hasMore);
  }
}
