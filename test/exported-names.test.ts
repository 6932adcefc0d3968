import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../config';

const EXPORTED =
  /^export (?:declare |abstract |async )*(?:const|function\*?|class|interface|type) (?<name>[\w$]+)/gm;

const sources = ['bin', 'jobs', 'lib', 'models', 'routes'].flatMap((folder) =>
  readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.d)\.ts$/.test(file))
    .map((file) => path.join(folder, file)),
);

it('every exported name stands for one thing, so that one search finds it', () => {
  const places = new Map<string, string[]>();
  for (const source of sources)
    for (const { groups } of readFileSync(path.join(projectRoot, source), 'utf8').matchAll(EXPORTED))
      places.set(groups?.name ?? '', [...(places.get(groups?.name ?? '') ?? []), source]);
  expect(places.size).toBeGreaterThan(500);
  expect([...places].filter(([, files]) => new Set(files).size > 1)).toEqual([]);
});
