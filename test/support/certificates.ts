import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generate } from 'selfsigned';

/** Names of files in the form PEM. */
export interface CertificateFiles {
  ca: string;
  cert: string;
  key: string;
}

/** An authority of our own, and a certificate for 127.0.0.1 that it has signed. */
export async function writeCertificates(folder: string): Promise<CertificateFiles> {
  const ca = await generate([{ name: 'commonName', value: 'Authority of the tests' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keySize: 2048,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  return {
    ca: write('ca.pem', ca.cert),
    cert: write('cert.pem', server.cert),
    key: write('key.pem', server.private),
  };
}
