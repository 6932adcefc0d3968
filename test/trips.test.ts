import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../config';
import { countTrip, readTrips, type Trip } from './kit/trips';
import { ValueReferences } from './kit/value-references';

describe('a trip through the sources', () => {
  const references = new ValueReferences(projectRoot);

  it.each(readTrips())('leads $name through at most $limit files', (trip) => {
    const { files } = countTrip(references, trip);
    expect(files.length > trip.limit ? files : []).toEqual([]);
  });
});

describe('the count of a trip', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'meisai-trips-'));
  afterAll(() => rm(root, { recursive: true }));

  const write = (file: string, lines: string[]) => {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), lines.join('\n'));
  };
  write('routes/page.ts', [
    "import { Router } from 'express';",
    "import { save, forget, type Row } from '../models/row';",
    "import { FIRST } from '../models/passed-on';",
    'export const router = Router();',
    'router.post("/", (req, res) => save({ forget: FIRST } as Row, res.unused));',
    'export const other = () => forget();',
  ]);
  write('models/passed-on.ts', ["export { FIRST } from './constants';"]);
  write('models/constants.ts', ['export const FIRST = 1;']);
  write('models/row.ts', [
    "import type { Other } from './types';",
    "import { db } from '../lib/db';",
    "import { clean } from './clean';",
    'export interface Row { clean: Other }',
    'export class Writer { write(row: Row) { db.write(row); } }',
    'export const save = (row: Row) => new Writer().write(row);',
    'export const forget = () => clean();',
  ]);
  write('models/types.ts', ['export type Other = string;']);
  write('models/clean.ts', ['export const clean = () => 0;']);
  write('lib/db.ts', ['export const db = { write: String };']);

  const trip: Trip = {
    name: 'of a test',
    limit: 3,
    legs: [{ from: 'routes/page.ts#router', to: 'lib/db.ts#db' }],
    passes: {},
  };
  const references = new ValueReferences(root);

  it('follows what is used as a value, to where it is declared, and leaves the ground floor out', () => {
    expect(countTrip(references, trip).files).toEqual([
      'models/constants.ts',
      'models/row.ts',
      'routes/page.ts',
    ]);
  });

  it('leaves out what the trip passes by, and says what it would be with that', () => {
    const counted = countTrip(references, { ...trip, passes: { 'models/constants.ts': 'a constant' } });
    expect(counted.files).toEqual(['models/row.ts', 'routes/page.ts']);
    expect(counted.withAllBranches).toBe(3);
  });

  it('refuses a trip that does not come to its end, or begins nowhere', () => {
    const legs = [{ from: 'routes/page.ts#router', to: 'models/clean.ts' }];
    expect(() => countTrip(references, { ...trip, legs })).toThrow('does not lead to models/clean.ts');
    const nowhere = [{ from: 'routes/page.ts#gone', to: 'lib/db.ts' }];
    expect(() => countTrip(references, { ...trip, legs: nowhere })).toThrow('gone is not there');
  });
});
