import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import { config, projectRoot } from '../../config';
import { endChild } from '../kit/stop-child';
import { parseS3Address } from '../../lib/settings/s3-url';

const BUCKET = 'meisai-test';
const PREFIX = 'here/';
const KEYS = { AWS_ACCESS_KEY_ID: 'meisai', AWS_SECRET_ACCESS_KEY: 'secret-of-the-tests' };
/** A developer's own Amazon settings must not reach the tests. */
const NO_PROFILE = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
const program = path.join(projectRoot, 'test', 'support', 's3-process.mjs');

/** An S3 server in a process of its own, to which FILE_STORE points from now on, also for processes that a test starts. */
export class TestS3 {
  readonly client: S3;

  private constructor(
    private child: ChildProcess,
    private readonly port: number,
  ) {
    this.client = new S3({
      region: 'us-east-1',
      endpoint: this.url,
      forcePathStyle: true,
      credentials: {
        accessKeyId: KEYS.AWS_ACCESS_KEY_ID,
        secretAccessKey: KEYS.AWS_SECRET_ACCESS_KEY,
      },
    });
    const setting = `s3://${BUCKET}/${PREFIX}?endpoint=${this.url}`;
    Object.assign(process.env, KEYS, NO_PROFILE, { FILE_STORE: setting });
    Object.assign(config, { FILE_STORE: parseS3Address(setting) });
  }

  static async start(): Promise<TestS3> {
    const { child, port } = await startServer(0);
    return new TestS3(child, port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The keys of what is in our part of the bucket. */
  async listKeys(): Promise<string[]> {
    const { Contents = [] } = await this.client.listObjectsV2({ Bucket: BUCKET });
    return Contents.map(({ Key = '' }) => Key);
  }

  /** The keys of uploads that have begun and not ended. */
  async listUploads(): Promise<string[]> {
    const { Uploads = [] } = await this.client.listMultipartUploads({ Bucket: BUCKET });
    return Uploads.map(({ Key = '' }) => Key);
  }

  async empty(): Promise<void> {
    await fetch(new URL('/_empty', this.url), { method: 'POST' });
  }

  async put(key: string): Promise<void> {
    await this.client.putObject({ Bucket: BUCKET, Key: key, Body: 'x' });
  }

  /** Makes everything in it two hours older. */
  async age(): Promise<void> {
    await fetch(new URL('/_age', this.url), { method: 'POST' });
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends the server, and with it all that it has kept. */
  stop(): Promise<void> {
    return endChild(this.child, 'SIGKILL');
  }

  /** Starts an empty one at the same address. */
  async startAgain(): Promise<void> {
    this.child = (await startServer(this.port)).child;
  }
}

async function startServer(port: number): Promise<{ child: ChildProcess; port: number }> {
  const args = [program, String(port), BUCKET, KEYS.AWS_ACCESS_KEY_ID];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, port: Number(line.toString()) };
}
