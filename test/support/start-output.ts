import { execFile } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../config';

/** Runs a program of bin/ (`start.cjs`, `meisai.cjs worker`) that ends by itself: its exit status, and all that it says. */
export function runProgram(
  [file = '', ...args]: string[],
  settings: Record<string, string>,
): Promise<{ code: unknown; said: string }> {
  const env = { ...process.env, PORT: '0', LOG_LEVEL: 'silent', ...settings };
  const command = [path.join(projectRoot, 'bin', file), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, said: (stdout + stderr).trim() });
    });
  });
}
