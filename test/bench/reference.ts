import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from '../../lib/redis/find-redis-server';

/** The tools that an operator would use by hand; those that this machine lacks are told once. */
export function listMissingTools(names: string[]): string[] {
  return names.filter((name) => findProgram(name) === undefined);
}

/** Runs a line of shell. `env` holds values that the line uses as "$NAME", so that nothing has to be quoted. */
export async function runShell(line: string, env: Record<string, string>): Promise<string> {
  const child = spawn('bash', ['-c', `set -eo pipefail; ${line}`], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${line} ended with ${code}`);
  return out;
}

const number = `substr(n.number, 1, 3) || '-' || substr(n.number, 4, 4) || '-' || substr(n.number, 8)`;
/** The groups of the numbers that the bench calls, by their first digits. */
const buildGroups = (first: number, second: number): string =>
  `substr(c.other_number, 1, ${first}) || '-' || substr(c.other_number, ${first + 1}, ${second}) || '-'
  || substr(c.other_number, ${first + second + 1})`;
const other = `CASE WHEN substr(c.other_number, 1, 1) <> '0' THEN c.other_number
  WHEN length(c.other_number) = 11 THEN ${buildGroups(3, 4)}
  WHEN substr(c.other_number, 1, 2) IN ('03', '06') THEN ${buildGroups(2, 4)}
  WHEN substr(c.other_number, 1, 4) IN ('0120', '0570') THEN ${buildGroups(4, 3)}
  WHEN substr(c.other_number, 1, 4) IN ('0466', '0558') THEN ${buildGroups(4, 2)}
  ELSE ${buildGroups(3, 3)} END`;
const lineClass = `CASE c.line_class WHEN 0 THEN '外線' ELSE '内線' END`;

const buildFromClause = (code: string, month: number): string => `
  FROM calls c
  JOIN contracts k ON k.id = c.contract_id
  JOIN phone_numbers n ON n.id = c.phone_number_id
  JOIN areas a ON a.id = c.area_id
  JOIN call_types t ON t.id = c.call_type_id
  WHERE k.code = '${code}' AND c.billing_month = ${month} AND c.direction = 0
  ORDER BY n.number, c.started_at, c.id`;

/** A month's calls as somebody who knows SQLite would ask for them. */
export const buildSqliteSelect = (code: string, month: number): string => `
  SELECT ${number},
    strftime('%Y/%m/%d', c.started_at / 10 + 32400, 'unixepoch'),
    printf('%s.%d', strftime('%H:%M:%S', c.started_at / 10 + 32400, 'unixepoch'), c.started_at % 10),
    ${other}, a.name,
    printf('%02d:%02d:%02d.%d', c.duration / 36000, c.duration / 600 % 60, c.duration / 10 % 60, c.duration % 10),
    ${lineClass}, t.label, printf('%d.%02d', c.charge / 100, c.charge % 100)
  ${buildFromClause(code, month)}`;

/** The same on PostgreSQL; on one line, as \copy wants it. */
export const buildPostgresSelect = (code: string, month: number): string =>
  `SELECT ${number},
    to_char(timestamp 'epoch' + (c.started_at / 10 + 32400) * interval '1 s', 'YYYY/MM/DD'),
    to_char(timestamp 'epoch' + (c.started_at / 10 + 32400) * interval '1 s', 'HH24:MI:SS') || '.' || c.started_at % 10,
    ${other}, a.name,
    to_char(c.duration / 10 * interval '1 s', 'HH24:MI:SS') || '.' || c.duration % 10,
    ${lineClass}, t.label, round(c.charge / 100.0, 2)
  ${buildFromClause(code, month)}`.replace(/\s+/g, ' ');
