import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { config } from '../../config';
import { runCommandLine } from '../../bin/program';

/** Runs `meisai …` in this process, and returns its exit status and what it wrote. */
export async function runCommand(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const captureStream = (stream: NodeJS.WriteStream, name: 'out' | 'err') =>
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  const spies = [captureStream(process.stdout, 'out'), captureStream(process.stderr, 'err')];
  try {
    return { status: await runCommandLine(args), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs `meisai … --json`, and returns what it printed. */
export async function runJson<T>(...args: string[]): Promise<T> {
  return JSON.parse((await runCommand(...args, '--json')).out) as T;
}

let files = 0;

/** A file in this test's own folder, to be brought in. */
export async function writeSourceFile(content: string | Buffer): Promise<string> {
  files += 1;
  const file = path.join(config.DATA_DIR, 'source', `${files}.csv`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}
