import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../config';
import {
  getContrast,
  DEFAULT_THEME,
  isReadableAccent,
  applyTheme,
  buildTheme,
} from '../../../lib/settings/accent';

const style = readFileSync(path.join(projectRoot, 'public', 'style.css'), 'utf8');

describe('contrastOf', () => {
  it('counts as WCAG does', () => {
    expect(getContrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(getContrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
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
      const { accent, deep, soft, pale, edge } = buildTheme(colour);
      expect(getContrast(accent, '#ffffff')).toBeGreaterThanOrEqual(4.5);
      expect(getContrast(accent, pale)).toBeGreaterThanOrEqual(4.5);
      expect(getContrast(deep, '#ffffff')).toBeGreaterThanOrEqual(7);
      expect(getContrast(soft, '#ffffff')).toBeGreaterThanOrEqual(3);
      expect(getContrast(edge, deep)).toBeGreaterThanOrEqual(3);
    },
  );
});

describe('styleInTheme', () => {
  it('leaves the sheet as it is written without a colour', () => {
    expect(applyTheme(style, DEFAULT_THEME)).toBe(style);
  });

  it('replaces every colour of the accent', () => {
    const themed = applyTheme(style, buildTheme('#7A1F5C'));
    for (const colour of Object.values(DEFAULT_THEME)) expect(themed).not.toContain(colour);
    expect(themed).toContain('--accent: #7a1f5c;');
  });
});
