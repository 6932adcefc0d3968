import type { CallFile, Lines } from './call-data';
import type { EngineName } from './engine';

/** The goal of a figure. Ratios are of CPU, and of wall time where a row says so. */
export interface Goal {
  /** Reference / ours, at least. */
  ratio?: number;
  /** Ours / reference, at most. */
  growth?: number;
  /** Wall time in seconds, at most. */
  seconds?: number;
  /** CPU in seconds, at most. */
  cpu?: number;
  /** Peak memory in MB, at most. */
  memory?: number;
  /** Growth of the write-ahead log in MB, at most. */
  log?: number;
  /** On disk in MB, at most. */
  disk?: number;
  /** On the wire in kB, at most. */
  transfer?: number;
  /** Requests that got no answer but an error, at most. */
  refused?: number;
}

export interface Goals {
  target?: Goal;
  ambition?: Goal;
}

/** Which program does an import, and what it finds. */
export interface Subject {
  by: 'meisai' | 'hand' | 'bare';
  /** A file of calls; a file of numbers where it is only `lines`. */
  file: CallFile | { lines: Lines };
  /** So many months, each of as many calls, are in the database before. */
  history?: number;
}

export interface Row {
  id: string;
  /** The part it belongs to, by `--only`. Rows of what is not built yet have none. */
  part?: string;
  work: string;
  /** The reference. */
  against?: string;
  /** Shown as how many times as much as the reference, not as how many times quicker. */
  isGrowth?: boolean;
  /** The databases it is measured on; `any` where no database has a part in it. */
  on: Partial<Record<EngineName | 'any', Goals>>;
  /** Its goals are meant for a million calls: with fewer nothing is said of them. */
  isForMillion?: boolean;
  /** For imports: the subject and its reference. */
  ours?: Subject;
  reference?: Subject;
}

const onBoth = (target?: Goal, ambition?: Goal): Row['on'] => ({
  SQLite: { ...(target && { target }), ...(ambition && { ambition }) },
  PostgreSQL: { ...(target && { target }), ...(ambition && { ambition }) },
});

const TWENTY: Lines = { contracts: 1, numbers: 20 };
const THOUSAND: Lines = { contracts: 1, numbers: 1000 };
const SMALL_CUSTOMERS: Lines = { contracts: 20_000, numbers: 2 };
const MILLION_NUMBERS: Lines = { contracts: 10_000, numbers: 100 };

const CHARGED: CallFile = { lines: TWENTY, kind: 'charged', order: 'time' };
const RAW: CallFile = { lines: TWENTY, kind: 'raw', order: 'time' };
const OF_THOUSAND: CallFile = { lines: THOUSAND, kind: 'charged', order: 'time' };
const OF_SMALL: CallFile = { lines: SMALL_CUSTOMERS, kind: 'charged', order: 'time' };
const HISTORY = 5;

const BY_HAND = 'the same by hand';

/** The shapes of imports. One more shape is one more row. */
const importRows: Row[] = (
  [
    {
      id: 'charged',
      part: 'charged',
      work: 'import of calls that carry charges, 20 numbers',
      against: BY_HAND,
      on: {
        SQLite: { target: { ratio: 2 }, ambition: { ratio: 3 } },
        PostgreSQL: { target: { ratio: 2 }, ambition: { ratio: 3 } },
      },
      ours: { by: 'meisai', file: CHARGED },
      reference: { by: 'hand', file: CHARGED },
    },
    {
      id: 'charged-bare',
      part: 'charged',
      work: 'the same; nothing checked, rated or summed (for information)',
      against: '.import, \\copy',
      on: onBoth(),
      ours: { by: 'meisai', file: CHARGED },
      reference: { by: 'bare', file: CHARGED },
    },
    {
      id: 'raw',
      part: 'raw',
      work: 'import of raw switch records with a tariff, 20 numbers',
      against: BY_HAND,
      on: {
        SQLite: { target: { ratio: 1.5 }, ambition: { ratio: 2.5 } },
        PostgreSQL: { target: { ratio: 3 }, ambition: { ratio: 4 } },
      },
      ours: { by: 'meisai', file: RAW },
      reference: { by: 'hand', file: RAW },
    },
    {
      id: 'history-growth',
      part: 'history',
      work: 'calls of 20,000 contracts of 2 numbers, into a database of 5 such months',
      against: 'into an empty database',
      on: {
        SQLite: { target: { growth: 1.15, log: 250 }, ambition: { growth: 1.05, log: 250 } },
        PostgreSQL: { target: { growth: 1.15 }, ambition: { growth: 1.05 } },
      },
      ours: { by: 'meisai', file: OF_SMALL, history: HISTORY },
      reference: { by: 'meisai', file: OF_SMALL },
    },
    {
      id: 'history-by-hand',
      part: 'history',
      work: 'calls of 20,000 contracts of 2 numbers, into a database of 5 such months',
      against: BY_HAND,
      on: onBoth({ ratio: 1.5 }, { ratio: 2 }),
      ours: { by: 'meisai', file: OF_SMALL, history: HISTORY },
      reference: { by: 'hand', file: OF_SMALL, history: HISTORY },
    },
    {
      id: 'order-number',
      part: 'orders',
      work: 'calls of 1,000 numbers, sorted by number',
      against: 'sorted by time',
      on: onBoth({ growth: 1.3 }, { growth: 1.1 }),
      ours: { by: 'meisai', file: { ...OF_THOUSAND, order: 'number' } },
      reference: { by: 'meisai', file: OF_THOUSAND },
    },
    {
      id: 'order-random',
      part: 'orders',
      work: 'calls of 1,000 numbers, at random',
      against: 'sorted by time',
      on: onBoth({ growth: 1.3 }, { growth: 1.1 }),
      ours: { by: 'meisai', file: { ...OF_THOUSAND, order: 'random' } },
      reference: { by: 'meisai', file: OF_THOUSAND },
    },
    {
      id: 'order-by-hand',
      part: 'orders',
      work: 'calls of 1,000 numbers, sorted by time (for information)',
      against: BY_HAND,
      on: onBoth(),
      ours: { by: 'meisai', file: OF_THOUSAND },
      reference: { by: 'hand', file: OF_THOUSAND },
    },
    {
      id: 'numbers',
      part: 'numbers',
      work: 'import of numbers, 10,000 contracts of 100 numbers',
      against: '.import, \\copy',
      on: onBoth({ seconds: 60 }, { seconds: 20 }),
      ours: { by: 'meisai', file: { lines: MILLION_NUMBERS } },
      reference: { by: 'bare', file: { lines: MILLION_NUMBERS } },
    },
  ] satisfies Row[]
).map((row) => ({ ...row, isForMillion: true }));

const PAGES = ['S6', 'S7', 'S8', 'a file’s status'];
export const CLIENTS = [50, 200];

const otherRows: Row[] = [
  {
    id: 'file',
    part: 'files',
    work: 'a month’s file of calls',
    against: 'sqlite3 -csv | iconv, psql \\copy',
    on: {
      SQLite: { target: { ratio: 2.6 }, ambition: { ratio: 3 } },
      PostgreSQL: { target: { ratio: 1.9 }, ambition: { ratio: 2.5 } },
    },
    isForMillion: true,
  },
  {
    id: 'file-of-five',
    part: 'files',
    work: 'the same, 5 times as large',
    on: onBoth({ memory: 115 }, { memory: 100 }),
    isForMillion: true,
  },
  {
    id: 'page-middle',
    part: 'pages',
    work: 'S8, middle page',
    against: 'first page',
    isGrowth: true,
    on: onBoth(),
  },
  {
    id: 'page-last',
    part: 'pages',
    work: 'S8, last page',
    against: 'first page',
    on: onBoth({ growth: 1.2 }, { growth: 1.05 }),
  },
  {
    id: 'page-large',
    part: 'pages',
    work: 'S6 of a month of five times the calls',
    against: 'S6 of 50 calls',
    on: onBoth({ growth: 1.2 }, { growth: 1.05 }),
  },
  {
    id: 'first-file',
    part: 'worker',
    work: 'from 「明細作成」 to ready, 10 calls',
    on: onBoth({ seconds: 1 }),
  },
  {
    id: 'worker-kill',
    part: 'worker',
    work: 'worker killed in mid-file, until another has taken it up',
    on: onBoth({ seconds: 15 }),
  },
  {
    id: 'page-gzip',
    part: 'gzip',
    work: 'S6 with gzip',
    against: 'a bare page of Express, EJS and session with gzip',
    on: onBoth({ ratio: 0.7 }, { ratio: 0.85 }),
  },
  ...CLIENTS.flatMap((clients) =>
    PAGES.map((page, index) => ({
      id: `busy-${clients}-${index}`,
      part: 'busy',
      work: `${page}, ${clients} clients: p99 beside an import and a file`,
      against: 'idle portal',
      on: onBoth({ growth: 3 }, { growth: 2 }),
    })),
  ),
  {
    id: 'write-login',
    part: 'writes',
    work: 'login while calls are imported, the longest',
    on: onBoth({ seconds: 5, refused: 0 }, { seconds: 1, refused: 0 }),
    isForMillion: true,
  },
  {
    id: 'write-file',
    part: 'writes',
    work: '「明細作成」 while calls are imported, the longest',
    on: onBoth({ seconds: 5, refused: 0 }, { seconds: 1, refused: 0 }),
    isForMillion: true,
  },
  {
    id: 'write-password',
    part: 'writes',
    work: 'password change while calls are imported, the longest',
    on: onBoth({ seconds: 5, refused: 0 }, { seconds: 1, refused: 0 }),
    isForMillion: true,
  },
  {
    id: 'help',
    part: 'commands',
    work: 'meisai --help',
    against: 'node -e 0',
    on: { any: { target: { seconds: 0.25 } } },
  },
  {
    id: 'status',
    part: 'commands',
    work: 'meisai status',
    against: 'node -e 0',
    on: onBoth({ seconds: 0.5 }),
  },
  {
    id: 'start',
    part: 'commands',
    work: 'start of the portal, until it answers',
    against: 'node -e 0',
    on: onBoth(),
  },
  {
    id: 'first-start',
    part: 'first-start',
    work: 'first npm start on a bare machine',
    on: { any: { target: { seconds: 90, disk: 230 } } },
  },
];

/** Their targets stand in the specification of what is to come. */
const unbuiltRows: Row[] = [
  {
    id: 'search',
    work: 'search over 1,000,000 calls, 100 random conditions: p95',
    on: onBoth({ seconds: 1 }),
  },
  { id: 'search-sums', work: 'search that sums answer', on: onBoth({ seconds: 0.05 }) },
  { id: 'print', work: '「全件を表示(印刷用)」, 5,000 rows', on: onBoth({ seconds: 1, transfer: 250 }) },
  { id: 'xlsx', work: '.xlsx of 1,000,000 calls', on: onBoth({ cpu: 20, memory: 115 }) },
];

/** Millions of calls in the database after which a month more is measured by `--large`. */
export const GROWTH_MONTHS = 20;

const growthRows: Row[] = Array.from({ length: GROWTH_MONTHS }, (_, index) => ({
  id: `growth-${index + 1}`,
  part: 'growth',
  work: `month ${index + 1} of ${GROWTH_MONTHS}, 20,000 contracts of 2 numbers`,
  against: 'the first month',
  isForMillion: true,
  on: onBoth({ growth: 1.15 }, { growth: 1.05 }),
}));

/** Of the report, in its order. */
export const listRows = (isLarge: boolean): Row[] =>
  isLarge ? growthRows : [...importRows, ...otherRows, ...unbuiltRows];

export const PARTS = [...new Set([...importRows, ...otherRows].flatMap(({ part }) => part ?? []))];

export const GROWTH_FILE: CallFile = OF_SMALL;

/** Which calls are imported while customers change something: what takes longest. */
export const WRITES_SUBJECT: Subject = { by: 'meisai', file: OF_SMALL, history: HISTORY };
