import { db } from './db';

const known = new Map<string, number>();
const MOST_KNOWN = 100_000;
const AT_ONCE = 400;

/** The ids of these area names; names that are new get one. */
export async function areaIds(names: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  if (known.size + names.size > MOST_KNOWN) known.clear();
  const unknown = [...names].filter((name) => !known.has(name));
  for (let start = 0; start < unknown.length; start += AT_ONCE)
    await learnAreas(unknown.slice(start, start + AT_ONCE));
  return known;
}

async function learnAreas(names: string[]): Promise<void> {
  await db('areas')
    .insert(names.map((name) => ({ name })))
    .onConflict('name')
    .ignore();
  const found = await db<{ id: number; name: string }>('areas').whereIn('name', names);
  for (const { id, name } of found) known.set(name, id);
}
