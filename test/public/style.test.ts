import { readFileSync } from 'node:fs';
import path from 'node:path';
import doiuse from 'doiuse';
import postcss, { type Declaration, type Rule } from 'postcss';
import { projectRoot } from '../../config';

const file = path.join(projectRoot, 'public', 'style.css');
const sheet = postcss.parse(readFileSync(file, 'utf8'), { from: file });

/** Features missing in Internet Explorer 8 to 11, each with its fallback. Anything else is an error. */
const PROGRESSIVE = {
  'text-size-adjust': 'telephones alone enlarge texts',
  wordwrap: 'word-wrap stands beside it',
  'mdn-text-decoration-shorthand': 'only single values are used, which are no shorthand',
  'css-text-indent': 'only lengths are used',
  'css-overflow': 'only auto, hidden and visible are used',
  outline: 'without its offset the ring stands closer',
  'css-boxshadow': 'the outline alone marks the focus',
  'css-focus-visible': 'every focus is marked, as it should be where nobody knows',
  'css-sel3': ':not and :last-child only take thin lines away',
  'css-gencontent': 'single colons, which 8 knows',
  'css-letter-spacing': 'letters stand as the font has them',
  'font-variant-numeric': 'the digits of its Japanese fonts are equally wide',
  'font-feature': 'as before',
  'border-radius': 'corners are square',
  'css-appearance': 'fields look as its own do',
  'css-placeholder': 'the placeholder is grey by itself',
  'css-opacity': 'belongs to the placeholder',
  'css-variables': 'the literal stands before each, tested below',
  'css-mediaqueries': 'the wide layout comes first and needs none',
  'css-sticky': 'the hint moves with the table',
  flexbox: 'blocks stand before each, tested below',
  'css-media-interaction': 'small buttons stay small',
  'css-paged-media': 'its own margins',
  'css-page-break': 'only avoid is used',
};

async function findUnsupportedByIe(): Promise<string[]> {
  const lacks: string[] = [];
  const checker = doiuse({
    browsers: ['ie 8', 'ie 9', 'ie 10', 'ie 11'],
    onFeatureUsage: ({ feature, usage }) => {
      if (!(feature in PROGRESSIVE)) lacks.push(`${feature}: line ${usage.source?.start?.line}`);
    },
  });
  await postcss([checker]).process(sheet.clone(), { from: file });
  return lacks;
}

/** Each declaration with the one right before it in its rule. */
function listDeclarations(): { rule: Rule; before?: Declaration; declaration: Declaration }[] {
  const found: { rule: Rule; before?: Declaration; declaration: Declaration }[] = [];
  sheet.walkRules((rule) => {
    let before: Declaration | undefined;
    rule.each((node) => {
      if (node.type !== 'decl') return;
      found.push({ rule, before, declaration: node });
      before = node;
    });
  });
  return found;
}

const formatPlace = ({ rule, declaration }: { rule: Rule; declaration: Declaration }) =>
  `${rule.selector} { ${declaration.toString()} }`;

describe('the style sheet in Internet Explorer 8 to 11', () => {
  it('uses nothing that they lack and that has nothing in its place', async () => {
    expect(await findUnsupportedByIe()).toEqual([]);
  });

  it('has the literal before each var()', () => {
    const wrong = listDeclarations().filter(({ declaration, before }) => {
      if (!declaration.value.includes('var(')) return false;
      const literal = /var\(--[\w-]+, (#[\da-f]{6})\)/.exec(declaration.value)?.[1];
      return before?.prop !== declaration.prop || before.value !== literal;
    });
    expect(wrong.map(formatPlace)).toEqual([]);
  });

  it('has a display that they know before each flex', () => {
    const wrong = listDeclarations().filter(({ declaration, before, rule }) => {
      const isFlex = declaration.prop === 'display' && /flex|grid/.test(declaration.value);
      // A p or ul is a block by itself.
      const isBlock = /\.(pager|buttons-pair)$/.test(rule.selector);
      return isFlex && !isBlock && before?.prop !== 'display';
    });
    expect(wrong.map(formatPlace)).toEqual([]);
  });

  it('keeps selectors that they do not know apart, or they would drop the rule of others', () => {
    const unknown = /::|:not\(|:focus-visible|:(first|last|nth|only)-(child|of-type)|:root/;
    const wrong: string[] = [];
    sheet.walkRules(({ selectors, selector, parent }) => {
      if (parent?.type === 'atrule') return;
      const strange = selectors.filter((one) => unknown.test(one.replace(/:first-child/g, '')));
      if (strange.length > 0 && strange.length < selectors.length) wrong.push(selector);
    });
    expect(wrong).toEqual([]);
  });

  it('moves nothing, so that reduced motion needs no rule', () => {
    expect(sheet.toString()).not.toMatch(/animation|transition|@keyframes|scroll-behavior/);
  });

  it('asks for nothing from elsewhere', () => {
    expect(sheet.toString()).not.toMatch(/url\(|@import/);
  });
});
