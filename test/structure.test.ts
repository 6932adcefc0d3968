import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../config';

type Graph = Map<string, Set<string>>;

const FOLDERS = ['bin', 'jobs', 'lib', 'migrations', 'models', 'routes'];
/** Top to bottom; as the floors in eslint.config.mjs, which knows no circles. */
const FLOORS = [
  /^index\.ts$/,
  /^(app\.ts|bin\/.+|knexfile\.ts)$/,
  /^routes\//,
  /^jobs\//,
  /^(models|migrations)\//,
  /^lib\/(?!settings\/|process\/)/,
  /^log\.ts$/,
  /^config\.ts$/,
  /^lib\/(settings|process)\//,
];

const files = listSources();
const imports = readImports(files);

function listSources(): string[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      path.join(folder, file),
    ),
  );
  return [...readdirSync(projectRoot), ...inFolders].filter((file) => file.endsWith('.ts'));
}

/** Each file and those of ours that it imports, also for types only or when they are needed. */
function readImports(sources: string[]): Graph {
  const known = new Set(sources);
  return new Map(
    sources.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(path.join(projectRoot, file), 'utf8'));
      const targets = importedFiles
        .filter(({ fileName }) => fileName.startsWith('.'))
        .map(({ fileName }) => path.join(path.dirname(file), fileName.replace(/\.js$/, '')))
        .map((target) => [`${target}.ts`, `${target}.d.ts`].find((name) => known.has(name)))
        .filter((target) => target !== undefined);
      return [file, new Set(targets)];
    }),
  );
}

/** The same for their folders; a folder and one inside it are two. The project's root is none: its files have floors. */
function toFolders(graph: Graph): Graph {
  const folders: Graph = new Map();
  for (const [file, targets] of graph)
    for (const target of targets) {
      const [from, to] = [path.dirname(file), path.dirname(target)];
      if (from !== to && from !== '.' && to !== '.')
        folders.set(from, (folders.get(from) ?? new Set()).add(to));
    }
  return folders;
}

/** The shortest circle through each node that is in one, each circle once: `a → b → a`. */
function findCircles(graph: Graph): string[] {
  const circles = new Map<string, string>();
  for (const start of graph.keys()) {
    const way = findWay(graph, start);
    const name = way && [...way].sort().join(' ');
    if (name && !circles.has(name)) circles.set(name, [...way, start].join(' → '));
  }
  return [...circles.values()];
}

/** The nodes of the shortest way from one back to itself. */
function findWay(graph: Graph, start: string): string[] | undefined {
  const ways = [[start]];
  const seen = new Set<string>();
  for (const way of ways)
    for (const next of graph.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return way;
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  return undefined;
}

const getFloor = (file: string): number => FLOORS.findIndex((floor) => floor.test(file));

it('every source is on a floor', () => {
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => getFloor(file) < 0)).toEqual([]);
});

it('no import goes up a floor', () => {
  const upward = [...imports].flatMap(([file, targets]) =>
    [...targets].filter((target) => getFloor(target) < getFloor(file)).map((target) => `${file} → ${target}`),
  );
  expect(upward).toEqual([]);
});

it('no files import each other in a circle', () => {
  expect(findCircles(imports)).toEqual([]);
});

it('no folders import each other in a circle', () => {
  expect(findCircles(toFolders(imports))).toEqual([]);
});

it('finds circles of two and three, and only those', () => {
  const graph = (...edges: string[]): Graph =>
    new Map(edges.map((edge) => [edge.charAt(0), new Set(edge.slice(1))]));
  expect(findCircles(graph('abc', 'bc', 'cd'))).toEqual([]);
  expect(findCircles(graph('ab', 'bc', 'ca', 'dc'))).toEqual(['a → b → c → a']);
  expect(findCircles(graph('ab', 'ba', 'cd', 'dc'))).toEqual(['a → b → a', 'c → d → c']);
});
