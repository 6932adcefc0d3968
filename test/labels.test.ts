import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../config';
import { labels } from '../models/call/labels';

const HOME = 'models/call/labels.ts';
const FOLDERS = ['bin', 'routes', 'views', 'jobs', 'models', 'lib'];

/** All strings of `labels`, without ご利用料金, which is a word of many sentences. */
function listLabels(value: object): string[] {
  const words = Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === 'string' ? [inner] : name === 'fileHeading' ? [] : listLabels(inner as object),
  );
  return [...new Set(words)];
}

/** The texts of a TypeScript source: its literals, without comments and regular expressions. */
function readLiterals(source: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isIdentifier(node))
      texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest));
  return texts;
}

const readTexts = (file: string): string[] => {
  const source = readFileSync(path.join(projectRoot, file), 'utf8');
  return file.endsWith('.ejs') ? [source.replace(/<%#[^]*?%>/g, '')] : readLiterals(source);
};

/** Short words also stand within others, as in 着信拒否 and 受信(着信)拒否: there they are not the label. */
const toPattern = (label: string): RegExp =>
  new RegExp(label.length > 3 ? label : `(?<![\\p{L}(])${label}(?![\\p{L})])`, 'u');

const files = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map(
    (file) => `${folder}/${file}`,
  ),
).filter((file) => /\.(ts|ejs)$/.test(file) && file !== HOME);
const textsByFile = files.map((file): [string, string[]] => [file, readTexts(file)]);

describe('a label', () => {
  it.each(listLabels(labels))('%s stands once', (label) => {
    const pattern = toPattern(label);
    const others = textsByFile.filter(([, texts]) => texts.some((text) => pattern.test(text)));
    expect(others.map(([file]) => file)).toEqual([]);
    expect(readTexts(HOME).filter((text) => text === label)).toHaveLength(1);
  });
});
