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

/** The commands by which the files were brought in that are there, but for one that was undone. */
function writeImports(): Record<'small' | 'october' | 'overlapping' | 'asterisk' | 'wrong', string> & {
  others: string[];
} {
  const format = write('own-switch.json', JSON.stringify(OWN_FORMAT));
  return {
    small: `import calls ${write('small.csv', buildSmallFile())}`,
    october: `import calls ${write('october.csv', buildOctoberFile())}`,
    overlapping: `import calls ${write('october-again.csv', buildOverlappingFile())}`,
    asterisk: `import calls ${write('Master.csv', buildAsteriskFile())} --format asterisk --tariff plan2017`,
    wrong: `import calls ${write('wrong.csv', buildWrongFile())}`,
    others: [
      `import calls ${write('cdr.csv', buildFreeswitchFile())} --format freeswitch --tariff sample`,
      `import calls ${write('cdr.json', buildFreeswitchJson())} --format freeswitch --tariff plan2017`,
      `import calls ${write('own.csv', buildOwnFormatFile())} --format ${format}`,
    ],
  };
}

// In this order: pages write events, files take the place of those that were there, and the rest changes calls.
it('prints the same reports, batches, logins and events', async () => {
  const batches = Array.from({ length: BATCHES }, (_, index) => `batch show ${index + 1}`);
  const others = ['batch list', 'month list', 'account list', 'audit', 'sums check'];
  expectAsRecorded(`${VERSION}.commands`, await collectCommands([...others, ...reports, ...batches]));
});

it('shows the same pages', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expectAsRecorded(`${VERSION}.pages`, await collectPages(url, readStoredLogins(VERSION)));
});

it('makes the same detail files', async () => {
  expectAsRecorded(`${VERSION}.files`, await collectFiles(MONTHS));
});

it('goes on in the same way: knows the calls that it has, undoes their batches, rates them anew', async () => {
  const { small, october, overlapping, asterisk, wrong, others } = writeImports();
  const changes = await collectChanges([
    ...[small, october, overlapping, asterisk, ...others, wrong],
    ...['batch undo 2', 'batch undo 5', 'sums check', ...reports],
    ...[overlapping, october, asterisk, 'sums check'],
    ...[
      'rerate 201709 --tariff plan2017 --types',
      'rerate 201710 --tariff plan2017',
      'sums check',
      ...reports,
    ],
  ]);
  expectAsRecorded(`${VERSION}.changes`, changes);
});
