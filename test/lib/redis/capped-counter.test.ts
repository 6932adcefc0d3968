import { CappedCounter, MAX_COUNTED_KEYS } from '../../../lib/redis/capped-counter';
import { getRedis } from '../../../lib/redis/redis';
import { moveClock } from '../../../lib/values/clock';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { listRedisKeys } from '../../support/redis-process';

beforeAll(openTestPortal);
afterAll(closeTestPortal);

let counters = 0;

function createCounter(options: Partial<ConstructorParameters<typeof CappedCounter>[1]> = {}): CappedCounter {
  counters += 1;
  return new CappedCounter(`test-${counters}`, { seconds: 900, ...options });
}

describe('add', () => {
  it('counts from the first attempt on, for so long', async () => {
    const counter = createCounter();
    expect((await counter.add({ client: 'a' })).count).toBe(1);
    moveClock(600_000);
    const { count, wait } = await counter.add({ client: 'a' });
    expect(count).toBe(2);
    expect(wait).toBeGreaterThan(298_000);
    expect(wait).toBeLessThanOrEqual(300_000);
    expect(await counter.get({ client: 'b' })).toEqual({ count: 0, wait: 0 });

    moveClock(301_000);
    expect((await counter.get({ client: 'a' })).count).toBe(0);
    expect((await counter.add({ client: 'a' })).count).toBe(1);
  });

  it('begins anew at a count, but not when an attempt is taken back', async () => {
    const counter = createCounter({ restartAt: 2 });
    await counter.add({ client: 'a' });
    moveClock(600_000);
    expect((await counter.add({ client: 'a' })).wait).toBeGreaterThan(898_000);
    moveClock(600_000);
    await counter.add({ client: 'a' });
    const { count, wait } = await counter.add({ client: 'a' }, -1);
    expect(count).toBe(2);
    expect(wait).toBeLessThanOrEqual(300_000);
  });

  it('keeps nothing of an attempt that is taken back', async () => {
    const counter = createCounter();
    await counter.add({ client: 'a' });
    await counter.add({ client: 'a' }, -1);
    expect(await listRedisKeys(`limit-test-${counters}:*`)).toEqual([]);
  });

  it('counts attempts that come at the same time', async () => {
    const counter = createCounter();
    const counts = await Promise.all(Array.from({ length: 20 }, () => counter.add({ client: 'a' })));
    expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  it('takes an end that is too far off, as of a clock that was set back, for none', async () => {
    const counter = createCounter();
    await counter.add({ client: 'a' });
    moveClock(-3_600_000);
    expect((await counter.get({ client: 'a' })).count).toBe(0);
    expect((await counter.add({ client: 'a' })).count).toBe(1);
    moveClock(3_600_000);
  });

  it('keeps so many keys, in few bytes, and lets the oldest go', async () => {
    const counter = createCounter();
    await counter.add({ client: 'the first' });
    moveClock(1000);
    for (let block = 0; block < 20; block += 1)
      await Promise.all(
        Array.from({ length: 500 }, (_, index) =>
          counter.add({ subject: 'd1', client: `${block}-${index}` }),
        ),
      );
    moveClock(1000);
    await counter.add({ client: 'the last' });

    const keys = await listRedisKeys(`limit-test-${counters}:*`);
    const sizes = await Promise.all(keys.map((key) => getRedis().hlen(key)));
    const bytes = await Promise.all(keys.map((key) => getRedis().memory('USAGE', key)));
    const sum = (numbers: (number | null)[]) => numbers.reduce<number>((total, one) => total + (one ?? 0), 0);
    expect(sum(sizes)).toBeLessThanOrEqual(MAX_COUNTED_KEYS);
    expect(sum(sizes)).toBeGreaterThan(MAX_COUNTED_KEYS * 0.95);
    expect(sum(bytes)).toBeLessThan(300_000);
    expect((await counter.get({ client: 'the first' })).count).toBe(0);
    expect((await counter.get({ client: 'the last' })).count).toBe(1);
  });

  it('shows Redis no name', async () => {
    const counter = createCounter();
    await counter.add({ subject: 'secret99', client: '192.0.2.1' });
    const [key = ''] = await listRedisKeys(`limit-test-${counters}:*`);
    expect(JSON.stringify([key, await getRedis().hgetall(key)])).not.toMatch(/secret99|192\.0\.2\.1/);
    expect(await getRedis().ttl(key)).toBeGreaterThan(890);
  });
});

it('deletes all that a subject or a client has', async () => {
  const counter = createCounter();
  for (const subject of ['d1', 'd2']) for (const client of ['a', 'b']) await counter.add({ subject, client });
  await counter.deleteAll({ subject: 'd1' });
  await counter.deleteAll({ client: 'a' });
  const counts = await Promise.all(
    ['d1', 'd2'].flatMap((subject) => ['a', 'b'].map((client) => counter.get({ subject, client }))),
  );
  expect(counts.map(({ count }) => count)).toEqual([0, 0, 0, 1]);
  expect((await counter.listBySubject()).get('d2')?.count).toBe(1);
});
