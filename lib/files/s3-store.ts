import type { Readable } from 'node:stream';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import {
  type ByteRange,
  FileNotFoundError,
  type FileStore,
  type StoreEntry,
  type StoreWriter,
} from './store';
import type { S3Address } from '../settings/s3-url';
import { S3Bucket } from './s3-bucket';
import { isNoSuchKey } from './s3-error';
import { S3Writer } from './s3-writer';

/** Files as objects in a bucket of S3. */
export class S3Store implements FileStore {
  private readonly bucket: S3Bucket;

  constructor(address: S3Address) {
    this.bucket = new S3Bucket(address);
  }

  create(key: string): Promise<StoreWriter> {
    return S3Writer.start(key, this.bucket);
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const object = { ...this.bucket.toObject(key), Range };
    const answer = await this.bucket.send(async (s3, limit) => {
      try {
        return await s3.getObject(object, limit);
      } catch (error) {
        throw isNoSuchKey(error) ? new FileNotFoundError(key) : error;
      }
    });
    return getBody(answer, range);
  }

  async remove(key: string): Promise<void> {
    const object = this.bucket.toObject(key);
    await this.bucket.send((s3, limit) => s3.deleteObject(object, limit));
    await this.bucket.abortUploads(key);
  }

  async list(): Promise<StoreEntry[]> {
    const files: StoreEntry[] = [];
    const add = (found: { Key?: string }, at?: Date) =>
      files.push({ key: this.bucket.toKey(found), writtenAt: at?.getTime() ?? Date.now() });
    for await (const found of this.bucket.listObjects()) add(found, found.LastModified);
    for await (const found of this.bucket.listUploads()) add(found, found.Initiated);
    return files;
  }

  async check(): Promise<void> {
    const { Bucket, Key: Prefix } = this.bucket.toObject('');
    await this.bucket.send(async (s3, limit) => {
      try {
        await s3.headBucket({ Bucket }, limit);
      } catch {
        // headBucket is ten times cheaper, but its answer does not say why it failed.
        await s3.listObjectsV2({ Bucket, Prefix, MaxKeys: 1 }, limit);
      }
    });
  }
}

/** Returns the requested bytes and no others: not every server supports ranges. */
function getBody({ Body, ContentRange }: GetObjectCommandOutput, range?: ByteRange): Readable {
  const body = Body as Readable;
  const isRight = range
    ? ContentRange?.startsWith(`bytes ${range.start}-${range.end}/`)
    : ContentRange === undefined;
  if (isRight) return body;
  body.destroy();
  throw new Error(`The file store answered with ${ContentRange ?? 'all bytes'} where a range was wanted`);
}
