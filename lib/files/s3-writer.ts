import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { StoredFile, StoreWriter } from './store';
import type { S3Bucket } from './s3-bucket';

/** S3's minimum; each file being written holds about four parts in memory. */
const PART_BYTES = 5 * 1024 * 1024;
const CONCURRENT_PARTS = 2;

/**
 * Sends a file in parts while it is written. S3 makes an object of them only when `finish` says that all are
 * there; a small file is one request.
 */
export class S3Writer implements StoreWriter {
  private readonly hash = createHash('sha256');
  private bytes = 0;
  private isFinishing = false;
  private failure?: Error;
  private readonly uploading: Promise<void>;

  private constructor(
    private readonly key: string,
    private readonly bucket: S3Bucket,
    private readonly body: PassThrough,
    upload: { done(): Promise<unknown> },
  ) {
    // The upload reports the failure.
    body.on('error', () => undefined);
    this.uploading = upload.done().then(
      () => undefined,
      (error: unknown) => {
        this.failure = bucket.explain(error);
      },
    );
  }

  static async start(key: string, bucket: S3Bucket): Promise<S3Writer> {
    const { Upload } = await import('@aws-sdk/lib-storage');
    const body = new PassThrough();
    const upload = new Upload({
      client: await bucket.getClient(),
      params: { ...bucket.toObject(key), Body: body },
      partSize: PART_BYTES,
      queueSize: CONCURRENT_PARTS,
      // The parts of a failed upload are removed.
      leavePartsOnError: false,
    });
    return new S3Writer(key, bucket, body, upload);
  }

  async write(bytes: Uint8Array): Promise<void> {
    // The upload collects a whole part before it sends it, and the caller may reuse its buffer before that.
    const isTaken = this.body.write(Buffer.from(bytes));
    this.hash.update(bytes);
    this.bytes += bytes.length;
    // If the upload fails, the body ends with an error of its own a little earlier.
    const waitForDrain = () => once(this.body, 'drain').catch(() => this.uploading);
    if (!isTaken) await Promise.race([waitForDrain(), this.uploading]);
    if (this.failure) throw this.failure;
  }

  async finish(): Promise<StoredFile> {
    this.isFinishing = true;
    this.body.end();
    await this.uploading;
    if (this.failure) throw this.failure;
    // The sweep no longer looks for leftovers of killed runs once the file exists.
    await this.bucket.abortUploads(this.key).catch(() => undefined);
    return { key: this.key, bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  /** Never fails: anything that cannot be removed now is left to the sweep. */
  async discard(): Promise<void> {
    // An upload is aborted if its source fails; if the source just ended, it would become an object.
    this.body.destroy(new Error('discarded'));
    await this.uploading;
    const object = this.bucket.toObject(this.key);
    if (this.isFinishing)
      await this.bucket.send((s3, limit) => s3.deleteObject(object, limit)).catch(() => undefined);
  }
}
