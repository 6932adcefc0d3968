import { hash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { fileStore } from '../../../lib/files/file-store';
import { parseS3Address } from '../../../lib/settings/s3-url';
import { S3Store } from '../../../lib/files/s3-store';
import { waitFor } from '../../support/eventually';
import { TestS3 } from '../../support/s3-server';

const MEGABYTE = 1024 * 1024;
const large = randomBytes(12 * MEGABYTE);
let s3: TestS3;

beforeAll(async () => {
  s3 = await TestS3.start();
});
afterEach(() => s3.empty());
afterAll(() => s3.stop());

/** Writes bytes as a file is written: half a megabyte at a time, each in the place of the one before. */
async function begin(key: string, bytes: Buffer) {
  const writer = await fileStore.create(key);
  const block = Buffer.alloc(MEGABYTE / 2);
  for (let at = 0; at < bytes.length; at += block.length)
    await writer.write(block.subarray(0, bytes.copy(block, 0, at)));
  return writer;
}

const store = async (key: string, bytes: Buffer) => (await begin(key, bytes)).finish();
const listKeys = async () => (await fileStore.list()).map(({ key }) => key);

describe.each([
  ['nothing', Buffer.alloc(0)],
  ['a small file', Buffer.from('明細')],
  ['one part', large.subarray(0, 5 * MEGABYTE)],
  ['three parts', large],
])('a store in S3, with %s', (_, bytes) => {
  it('gives back what it took', async () => {
    expect(await store('1.csv', bytes)).toEqual({
      key: '1.csv',
      bytes: bytes.length,
      sha256: hash('sha256', bytes),
    });
    expect(await s3.listKeys()).toEqual(['here/1.csv']);
    expect((await buffer(await fileStore.open('1.csv'))).equals(bytes)).toBe(true);
  });
});

describe('a file on its way', () => {
  it('is not changed by what its writer does with the bytes afterwards', async () => {
    const writer = await fileStore.create('1.csv');
    const block = Buffer.alloc(MEGABYTE);
    for (let letter = 65; letter < 73; letter += 1) await writer.write(block.fill(letter));
    await writer.finish();
    const bytes = await buffer(await fileStore.open('1.csv'));
    expect(bytes.filter((_, at) => at % MEGABYTE === 0).toString()).toBe('ABCDEFGH');
  });

  it('cannot be fetched before it is whole', async () => {
    const writer = await begin('1.csv', large);
    await waitFor(async () => expect(await s3.listUploads()).toEqual(['here/1.csv']));
    await expect(fileStore.open('1.csv')).rejects.toThrow('1.csv is not in the store');
    expect(await s3.listKeys()).toEqual([]);
    expect(await listKeys()).toEqual(['1.csv']);
    await writer.finish();
    expect(await s3.listUploads()).toEqual([]);
  });

  it.each([
    ['small', large.subarray(0, 10)],
    ['large', large],
  ])('leaves nothing when it is given up (%s)', async (_, bytes) => {
    const writer = await begin('1.csv', bytes);
    await writer.discard();
    expect([await s3.listKeys(), await s3.listUploads()]).toEqual([[], []]);
  });

  it('takes what a killed run has left of it with it', async () => {
    await begin('1.csv', large);
    await waitFor(async () => expect(await s3.listUploads()).toHaveLength(1));
    await store('1.csv', large);
    expect(await s3.listUploads()).toEqual([]);
    expect((await buffer(await fileStore.open('1.csv'))).equals(large)).toBe(true);
  });

  it('is taken back when it is given up though it was finished', async () => {
    const writer = await begin('1.csv', large);
    await writer.finish();
    await writer.discard();
    expect(await s3.listKeys()).toEqual([]);
  });
});

describe('open', () => {
  it('gives exactly the bytes that were asked for', async () => {
    await store('1.csv', large);
    for (const [start, end] of [
      [0, 0],
      [5 * MEGABYTE - 1, 5 * MEGABYTE],
      [large.length - 1, large.length - 1],
    ] as const) {
      const bytes = await buffer(await fileStore.open('1.csv', { start, end }));
      expect(bytes).toEqual(large.subarray(start, end + 1));
    }
  });
});

describe('remove', () => {
  it('removes a file and what unfinished runs have left of it, and nothing else', async () => {
    await store('1.csv', large.subarray(0, 10));
    await store('1.csv-zip', large.subarray(0, 10));
    const writer = await begin('1.csv', large);
    await waitFor(async () => expect(await s3.listUploads()).toHaveLength(1));
    await fileStore.remove('1.csv');
    expect([await s3.listKeys(), await s3.listUploads()]).toEqual([['here/1.csv-zip'], []]);
    await expect(writer.finish()).rejects.toThrow('NoSuchUpload');
    await fileStore.remove('1.csv');
  });
});

it('lists more files than fit into one answer, and none outside its prefix', async () => {
  await s3.put('elsewhere/1.csv');
  const many = Array.from({ length: 1001 }, (_, index) => `${index}.csv`);
  for (let at = 0; at < many.length; at += 40)
    await Promise.all(many.slice(at, at + 40).map((key) => s3.put(`here/${key}`)));
  expect(new Set(await listKeys())).toEqual(new Set(many));
});

describe('a store that cannot be used', () => {
  const openStore = (setting: string) => {
    const address = parseS3Address(setting);
    if (!address) throw new Error('no address');
    return new S3Store(address);
  };
  const catchError = async (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      (error: unknown) => (error as Error).message,
    );

  it('says that there is no bucket', async () => {
    const none = openStore(`s3://no-bucket/x?endpoint=${s3.url}`);
    const message = `The file store s3://no-bucket/x/ at ${s3.url} does not exist: make the bucket, or correct FILE_STORE (404 NoSuchBucket)`;
    expect(await catchError(none.check())).toBe(message);
    expect(await catchError(none.list())).toBe(message);
    expect(await catchError((await none.create('1.csv')).finish())).toBe(message);
  });

  it('says that it does not know where', async () => {
    expect(await catchError(openStore('s3://meisai-test').check())).toBe(
      'The file store s3://meisai-test/ has no region: add ?region=REGION to FILE_STORE, or set AWS_REGION (Region is missing)',
    );
  });

  it('says that its credentials are refused', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'somebody';
    const refused = openStore(`s3://meisai-test/here?endpoint=${s3.url}`);
    try {
      const message =
        'refuses the credentials: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and what they may do (403 InvalidAccessKeyId)';
      expect(await catchError(refused.check())).toContain(message);
      expect(await catchError(refused.list())).toContain(message);
    } finally {
      process.env.AWS_ACCESS_KEY_ID = 'meisai';
    }
  });

  it('says that nobody answers', async () => {
    const nobody = openStore('s3://meisai-test/here?endpoint=http://127.0.0.1:9');
    const message =
      /^The file store s3:\/\/meisai-test\/here\/ at http:\/\/127.0.0.1:9 does not answer: is FILE_STORE right\? \(.*ECONNREFUSED.*\)$/;
    expect(await catchError(nobody.check())).toMatch(message);
    const writer = await nobody.create('1.csv');
    expect(await catchError(writer.finish())).toMatch(message);
    await writer.discard();
  });

  it('fails a file on its way when the server dies', async () => {
    const writer = await begin('1.csv', large);
    await s3.stop();
    const writeOn = async () => {
      for (let part = 0; part < 100; part += 1) await writer.write(large.subarray(0, MEGABYTE));
    };
    expect(await catchError(writeOn())).toMatch(/does not answer: .* \(.*ECONN/);
    expect(await catchError(writer.finish())).toContain('does not answer');
    await writer.discard();
    await s3.startAgain();
  });

  it('keeps nobody waiting for a server that has stopped, and is used again when it is back', async () => {
    await store('1.csv', large.subarray(0, 10));
    s3.signal('SIGSTOP');
    expect(await catchError(fileStore.open('1.csv'))).toContain('does not answer in time');
    s3.signal('SIGCONT');
    expect(await buffer(await fileStore.open('1.csv'))).toHaveLength(10);
  });
});
