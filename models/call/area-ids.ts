import type { Queryable } from '../../lib/database/db';

const MOST_KNOWN = 100_000;
const AT_ONCE = 400;

/** The ids of area names, remembered. */
export class AreaIds {
  private readonly known = new Map<string, number>();

  constructor(private readonly on: Queryable) {}

  /** Of these names and of others; names that are new get one. */
  async of(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (this.known.size + names.length > MOST_KNOWN) this.known.clear();
    const unknown = [...new Set(names.filter((name) => !this.known.has(name)))];
    for (let start = 0; start < unknown.length; start += AT_ONCE)
      await this.learn(unknown.slice(start, start + AT_ONCE));
    return this.known;
  }

  private async learn(names: string[]): Promise<void> {
    await this.on('areas')
      .insert(names.map((name) => ({ name })))
      .onConflict('name')
      .ignore();
    const found = await this.on<{ id: number; name: string }>('areas').whereIn('name', names);
    for (const { id, name } of found) this.known.set(name, id);
  }
}
