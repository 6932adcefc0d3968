import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'acorn';
import { projectRoot } from '../../config';

const folder = path.join(projectRoot, 'public');
const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.js'),
);

describe('every script', () => {
  it.each(scripts)('%s is one that old engines can read: ECMAScript 5', (file) => {
    const source = readFileSync(path.join(folder, file), 'utf8');
    expect(() => parse(source, { ecmaVersion: 5, sourceType: 'script' })).not.toThrow();
  });
});
