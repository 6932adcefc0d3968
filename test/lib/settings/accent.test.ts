import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../config';
import {
  contrastOf,
  DEFAULT_THEME,
  isReadableAccent,
  styleInTheme,
  themeOf,
} from '../../../lib/settings/accent';

const style = readFileSync(path.join(projectRoot, 'public', 'style.css'), 'utf8');

describe('contrastOf', () => {
  it('counts as WCAG does', () => {
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});

describe('isReadableAccent', () => {
  it.each([
    ['#165e83', true],
    ['#7a1f5c', true],
    ['#000000', true],
    ['#777777', false],
    ['#ff9900', false],
  ])('%s: %s', (colour, is) => {
    expect(isReadableAccent(colour)).toBe(is);
  });
});

describe('themeOf', () => {
  it.each(['#165e83', '#7a1f5c', '#c4161c', '#006a4e', '#000000', '#0000ff'])(
    '%s has readable shades',
    (colour) => {
      const { accent, deep, soft, pale, edge } = themeOf(colour);
      expect(contrastOf(accent, '#ffffff')).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(accent, pale)).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(deep, '#ffffff')).toBeGreaterThanOrEqual(7);
      expect(contrastOf(soft, '#ffffff')).toBeGreaterThanOrEqual(3);
      expect(contrastOf(edge, deep)).toBeGreaterThanOrEqual(3);
    },
  );
});

describe('styleInTheme', () => {
  it('leaves the sheet as it is written without a colour', () => {
    expect(styleInTheme(style, DEFAULT_THEME)).toBe(style);
  });

  it('replaces every colour of the accent', () => {
    const themed = styleInTheme(style, themeOf('#7A1F5C'));
    for (const colour of Object.values(DEFAULT_THEME)) expect(themed).not.toContain(colour);
    expect(themed).toContain('--accent: #7a1f5c;');
  });
});
