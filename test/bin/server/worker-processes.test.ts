import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startWorkerProcesses, type WorkerProcesses } from '../../../bin/server/worker-processes';
import { config } from '../../../config';
import { waitFor } from '../../support/eventually';
import { isAlive } from '../../support/process';

const journal = path.join(config.DATA_DIR, 'journal');
const script = path.join(config.DATA_DIR, 'worker.cjs');
let workers: WorkerProcesses | undefined;

/** A stand-in that writes down its number and its end. */
function writeWorker(onTerm: string): string[] {
  writeFileSync(journal, '');
  writeFileSync(
    script,
    `const write = (line) => require('node:fs').appendFileSync(process.argv[2], line + '\\n');
    process.on('SIGTERM', () => { write('asked to stop'); ${onTerm} });
    setInterval(() => {}, 1000);
    write('pid ' + process.pid);`,
  );
  return [script, journal];
}

const readJournal = () => readFileSync(journal, 'utf8').trim().split('\n');
const listPids = () =>
  readJournal().flatMap((line) => (line.startsWith('pid ') ? [Number(line.slice(4))] : []));
const waitUntilStarted = (count: number) => waitFor(() => expect(listPids()).toHaveLength(count));

afterEach(async () => workers?.stop());

it('starts as many workers as asked for, and lets them finish', async () => {
  workers = startWorkerProcesses(2, writeWorker(`process.exit(0)`));
  await waitUntilStarted(2);
  await workers.stop();
  expect(readJournal().filter((line) => line === 'asked to stop')).toHaveLength(2);
  expect(listPids().filter(isAlive)).toEqual([]);
});

it('starts another when one is killed', async () => {
  workers = startWorkerProcesses(1, writeWorker(`process.exit(0)`));
  await waitUntilStarted(1);
  process.kill(listPids()[0] ?? 0, 'SIGKILL');
  await waitUntilStarted(2);
});
