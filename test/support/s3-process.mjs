// An S3 server that keeps everything in memory: fauxqs, with what it lacks: it takes anybody's requests, and does not
// list unfinished uploads. Arguments: port (0: any), bucket, access key. It ends with its standard input.
import process from 'node:process';
import { URL } from 'node:url';
import { buildApp } from 'fauxqs';

const [port, bucket, accessKey] = process.argv.slice(2);
const { S3Store } = await import(new URL('s3/s3Store.js', import.meta.resolve('fauxqs')));
const s3Store = new S3Store();
const app = buildApp({ logger: false, stores: { s3Store } });
s3Store.createBucket(bucket);

const xml = (reply, status, text) => reply.status(status).type('application/xml').send(text);

app.addHook('onRequest', (request, reply, done) => {
  const key = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1];
  if (key === accessKey || request.url.startsWith('/_')) done();
  else xml(reply, 403, '<Error><Code>InvalidAccessKeyId</Code></Error>');
});

app.addHook('onRequest', (request, reply, done) => {
  const { uploads, prefix = '' } = request.query;
  if (request.method !== 'GET' || uploads === undefined) done();
  else xml(reply, 200, listUploads(prefix));
});

/** Makes everything two hours older. */
app.post('/_age', () => {
  const older = (date) => new Date(date.getTime() - 7_200_000);
  for (const upload of s3Store.multipartUploads.values()) upload.initiated = older(upload.initiated);
  for (const object of s3Store.buckets.get(bucket).values()) object.lastModified = older(object.lastModified);
  return {};
});

app.post('/_empty', () => {
  s3Store.clearObjects();
  return {};
});

function listUploads(prefix) {
  const uploads = [...s3Store.multipartUploads.values()].filter(({ key }) => key.startsWith(prefix));
  const lines = uploads.map(
    ({ key, uploadId, initiated }) =>
      `<Upload><Key>${key}</Key><UploadId>${uploadId}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`,
  );
  return `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${lines.join('')}</ListMultipartUploadsResult>`;
}

await app.listen({ port: Number(port), host: '127.0.0.1' });
process.stdout.write(`${app.server.address().port}\n`);
process.stdin.resume().on('end', () => process.exit());
