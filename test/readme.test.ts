import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../config';

const FOLDERS = 'bin|docs|jobs|lib|migrations|models|public|routes|test|views|\\.ci|\\.github';
/** A path in backticks or a link, with its folder's name at the beginning. */
const PATH = new RegExp(`(?:\`|\\]\\()((?:${FOLDERS})/[\\w./-]*)(?:\`|\\))`, 'g');

const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');
const paths = [...readme.matchAll(PATH)].map(([, name = '']) => name);

it('names only files and folders that exist', () => {
  expect(paths.length).toBeGreaterThan(25);
  expect(paths.filter((name) => !existsSync(path.join(projectRoot, name)))).toEqual([]);
});

it('lists every setting, and none that does not exist', () => {
  const schema = ['config.ts', 'lib/settings/redis-url.ts'].map((file) =>
    readFileSync(path.join(projectRoot, file), 'utf8'),
  );
  const settings = [...schema.join('\n').matchAll(/^ {2}([A-Z][A-Z\d_]+):/gm)].map(([, name]) => name);
  const rows = /^## Settings\n[^]*?\n## /m.exec(readme)?.[0].match(/^\| .*$/gm) ?? [];
  const listed = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([A-Z\d_]+)`/g)].map(([, name]) => name),
  );
  const foreign = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  expect(listed.filter((name) => !foreign.includes(name ?? '')).sort()).toEqual(
    [...new Set(settings)].sort(),
  );
});
