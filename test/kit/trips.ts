import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Declaration, ValueReferences } from './value-references';

/*
 * How many files a trip through the portal leads through: what somebody opens who follows it from its start to its end.
 *
 * 1. A trip has one or more legs; where a queue hands over, another begins. From the start of each every name that is
 *    used as a value is followed into the file that declares it, and so on (see ValueReferences). Types lead nowhere.
 * 2. Every file met counts once, wherever the trip goes through it.
 * 3. The ground floor does not count: config.ts, log.ts, lib/, and the leaves models/phone-number/ and
 *    models/billing/month….ts, which are vocabulary rather than steps.
 * 4. A trip names what it passes by, with the reason: another trip that it sets off, or a branch that it does not take.
 * 5. It must come to its end, or what it counts would be another trip.
 *
 * `npx tsx test/kit/trips.ts [folder of the sources] [trips as JSON]` prints them.
 */

export interface Trip {
  name: string;
  /** The most files that it may lead through. */
  limit: number;
  /** Declarations, or whole files: `routes/detail-files.ts#acceptRequest`. */
  legs: { from: string; to: string }[];
  /** Declarations or files that it passes by, and why. */
  passes: Record<string, string>;
}

export const TRIPS_FILE = path.join(__dirname, 'trips.json');

const GROUND = /^(config\.ts|log\.ts|lib\/|models\/phone-number\/|models\/billing\/month)/;

export interface CountedTrip {
  trip: Trip;
  files: string[];
  /** Files met if it passed nothing by. */
  withAllBranches: number;
}

export const readTrips = (file = TRIPS_FILE): Trip[] => JSON.parse(readFileSync(file, 'utf8')) as Trip[];

/** @throws Error where a place of the trip is not there, or an end is not reached */
export function countTrip(references: ValueReferences, trip: Trip, ground = GROUND): CountedTrip {
  const passed = new Set(Object.keys(trip.passes).flatMap((place) => references.find(place)));
  const listFiles = (without: Set<Declaration>) => {
    const met = trip.legs.flatMap((leg) => [...walkLeg(references, leg, without)]);
    return [...new Set(met.map(getFile))].filter((file) => !ground.test(file)).sort();
  };
  return { trip, files: listFiles(passed), withAllBranches: listFiles(new Set()).length };
}

function walkLeg(
  references: ValueReferences,
  { from, to }: Trip['legs'][number],
  passed: Set<Declaration>,
): Set<Declaration> {
  const met = new Set(references.find(from));
  // A Set gives what is added while it is walked through.
  for (const declaration of met)
    for (const used of references.listUsed(declaration)) if (!passed.has(used)) met.add(used);
  if (!references.find(to).some((end) => met.has(end))) throw new Error(`${from} does not lead to ${to}`);
  return met;
}

const getFile = (declaration: Declaration): string => declaration.split('#')[0] ?? '';

function printTrips(root = path.join(__dirname, '..', '..'), file?: string): void {
  const references = new ValueReferences(root);
  for (const trip of readTrips(file)) {
    const { files, withAllBranches } = countTrip(references, trip);
    const branches = `${withAllBranches} with all branches`;
    process.stdout.write(`${trip.name}: ${files.length} files of at most ${trip.limit}, ${branches}\n`);
    for (const one of files) process.stdout.write(`  ${one}\n`);
  }
}

if (require.main === module) printTrips(...process.argv.slice(2));
