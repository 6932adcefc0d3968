import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createApp } from '../../app';
import { config } from '../../config';
import {
  buildOctoberFile,
  buildOverlappingFile,
  buildSmallFile,
  buildWrongFile,
} from '../fixtures/databases/calls';
import {
  buildAsteriskFile,
  buildFreeswitchFile,
  buildFreeswitchJson,
  buildOwnFormatFile,
  OWN_FORMAT,
} from '../fixtures/databases/switch-records';
import { closeTestPortal, openTestPortal, setClock } from '../support/portal';
import { runCommand } from '../support/command';
import { collectChanges, collectCommands } from './collect-commands';
import { collectFiles } from './collect-files';
import { collectPages } from './collect-pages';
import { expectAsRecorded } from './record';
import { loadStoredDatabase, readStoredLogins } from './stored-database';

const VERSION = '0.1.0';
const MONTHS = [201706, 201707, 201708, 201709, 201710, 201711, 201712];
const BATCHES = 12;
const reports = MONTHS.map((month) => `report ${month}`);

let server: Server;

beforeAll(async () => {
  await loadStoredDatabase(VERSION, config.DATABASE_URL);
  await openTestPortal();
  setClock('2017-12-05T13:20:00+09:00');
  // The pages of charges show as many months as there are.
  Object.assign(config, { CHARGE_MONTHS: 6, USAGE_MONTHS: 6 });
  server = createApp().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await closeTestPortal();
});

const write = (name: string, text: string): string => {
  const file = path.join(config.DATA_DIR, name);
  writeFileSync(file, text);
  return file;
};

/** Returns how many calls were added. */
async function importCalls(name: string, text: string, ...options: string[]): Promise<number> {
  const { out, err } = await runCommand('import', 'calls', write(name, text), ...options, '--json');
  expect(err).toBe('');
  return (JSON.parse(out) as { added: number }).added;
}

/** Files that version 0.1.0 has imported, and whose calls are there. */
const knownFiles: [name: string, text: string, ...options: string[]][] = [
  ['small.csv', buildSmallFile()],
  ['october.csv', buildOctoberFile()],
  ['october-again.csv', buildOverlappingFile()],
  ['Master.csv', buildAsteriskFile(), '--format', 'asterisk', '--tariff', 'plan2017'],
  ['cdr.csv', buildFreeswitchFile(), '--format', 'freeswitch', '--tariff', 'sample'],
  ['cdr.json', buildFreeswitchJson(), '--format', 'freeswitch', '--tariff', 'plan2017'],
];

// In this order: pages write events, files take the place of those that were there, and the rest changes calls. What is
// imported again overlaps the batches before, which cannot be undone after that.
it('prints the same reports, batches, logins and events', async () => {
  const batches = Array.from({ length: BATCHES }, (_, index) => `batch show ${index + 1}`);
  const others = ['batch list', 'month list', 'account list', 'audit', 'sums check'];
  expectAsRecorded(`${VERSION}.commands`, await collectCommands([...others, ...reports, ...batches]));
});

it('shows the same pages', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expectAsRecorded(`${VERSION}.pages`, await collectPages(url, readStoredLogins(VERSION)));
}, 300_000);

it('makes the same detail files', async () => {
  expectAsRecorded(`${VERSION}.files`, await collectFiles(MONTHS));
});

it('undoes batches and rates months anew with the same sums', async () => {
  const [, october, , asterisk] = knownFiles;
  expect(await importCalls('wrong.csv', buildWrongFile())).toBe(28);
  const commands = ['batch undo 2', 'batch undo 5', 'sums check', ...reports];
  const undone = await collectChanges('undone', commands);
  if (october) await importCalls(...october);
  if (asterisk) await importCalls(...asterisk);
  const rates = ['rerate 201709 --tariff plan2017 --types', 'rerate 201710 --tariff plan2017'];
  const rated = await collectChanges('rated', [...rates, 'sums check', ...reports]);
  expectAsRecorded(`${VERSION}.changes`, { ...undone, ...rated });
});

it.each(knownFiles)('knows the calls of %s', async (name, text, ...options) => {
  expect(await importCalls(name, text, ...options, '--again')).toBe(0);
});

it('knows the calls of a format of one’s own', async () => {
  const format = write('own-switch.json', JSON.stringify(OWN_FORMAT));
  const options = ['--format', format, '--switch', 'own-switch', '--again'];
  expect(await importCalls('own.csv', buildOwnFormatFile(), ...options)).toBe(0);
});
