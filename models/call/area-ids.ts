import type { Queryable } from '../../lib/database/db';

const MAX_CACHED = 100_000;
const BATCH_SIZE = 400;

/** The ids of area names, remembered. */
export class AreaIds {
  private readonly cache = new Map<string, number>();

  constructor(private readonly on: Queryable) {}

  /** Of these names and of others; names that are new get one. */
  async resolve(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (this.cache.size + names.length > MAX_CACHED) this.cache.clear();
    const unknown = [...new Set(names.filter((name) => !this.cache.has(name)))];
    for (let start = 0; start < unknown.length; start += BATCH_SIZE)
      await this.insertMissing(unknown.slice(start, start + BATCH_SIZE));
    return this.cache;
  }

  private async insertMissing(names: string[]): Promise<void> {
    await this.on('areas')
      .insert(names.map((name) => ({ name })))
      .onConflict('name')
      .ignore();
    const found = await this.on<{ id: number; name: string }>('areas').whereIn('name', names);
    for (const { id, name } of found) this.cache.set(name, id);
  }
}
