/** The colours of the style sheet that follow the operator's: links and buttons, header, thin edges, grounds, header line. */
export interface Theme {
  accent: string;
  deep: string;
  soft: string;
  pale: string;
  edge: string;
}

/** The ones that public/style.css is written with. */
export const DEFAULT_THEME: Theme = {
  accent: '#165e83',
  deep: '#0f4460',
  soft: '#5f93ad',
  pale: '#e9f1f5',
  edge: '#86a3b4',
};

type Rgb = [red: number, green: number, blue: number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The darkest ground that links stand on. */
const TABLE_HEAD = '#f4f1ec';
/** WCAG 2.2, 1.4.3 for text, 1.4.11 for edges and bars. */
const TEXT_CONTRAST = 4.5;
const EDGE_CONTRAST = 3;

const parseColour = (colour: string) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as Rgb;

const formatColour = (rgb: Rgb) =>
  `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

const mix = (one: Rgb, other: Rgb, share: number) =>
  one.map((part, index) => part + ((other[index] ?? 0) - part) * share) as Rgb;

function computeLuminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) =>
    part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function computeContrast(one: Rgb, other: Rgb): number {
  const [light = 0, dark = 0] = [computeLuminance(one), computeLuminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** Contrast of two colours (#rrggbb) by WCAG, 1 to 21. */
export const getContrast = (one: string, other: string): number =>
  computeContrast(parseColour(one), parseColour(other));

/** Whether links in this colour (#rrggbb) can be read on every ground of the pages. */
export const isReadableAccent = (colour: string): boolean => getContrast(colour, TABLE_HEAD) >= TEXT_CONTRAST;

/** Mixes in as much of the other colour as the required contrast allows. */
function mixUntil(from: Rgb, to: Rgb, share: number, isEnough: (mixed: Rgb) => boolean): string {
  for (let part = share; part > 0; part -= 0.01) {
    const mixed = mix(from, to, part);
    if (isEnough(mixed)) return formatColour(mixed);
  }
  return formatColour(from);
}

/** The shades around an operator's colour (#rrggbb). */
export function buildTheme(colour: string): Theme {
  const accent = parseColour(colour);
  const deep = mix(accent, BLACK, 0.28);
  return {
    accent: colour.toLowerCase(),
    deep: formatColour(deep),
    soft: mixUntil(accent, WHITE, 0.33, (mixed) => computeContrast(mixed, WHITE) >= EDGE_CONTRAST),
    pale: mixUntil(WHITE, accent, 0.09, (mixed) => computeContrast(mixed, accent) >= TEXT_CONTRAST),
    edge: formatColour(mix(deep, WHITE, 0.5)),
  };
}

/** The style sheet with the theme's colours in place of those that it is written with. */
export function applyTheme(style: string, theme: Theme): string {
  const names = Object.keys(DEFAULT_THEME) as (keyof Theme)[];
  const written = new RegExp(names.map((name) => DEFAULT_THEME[name]).join('|'), 'gi');
  return style.replace(written, (found) => {
    const name = names.find((one) => DEFAULT_THEME[one] === found.toLowerCase());
    return name ? theme[name] : found;
  });
}
