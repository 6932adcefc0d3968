import { FairQueue, OverloadedError } from '../../../lib/process/fair-queue';

/** A queue whose first task runs until it is released, so that the others wait. */
function openQueue(maxKnown = 3, maxOthers = 3) {
  const queue = new FairQueue({ concurrency: 1, maxKnown, maxOthers });
  const done: string[] = [];
  let release = () => {
    done.push('released too early');
  };
  const first = queue.run(
    { client: 'first', isKnown: true },
    () => new Promise<void>((end) => (release = end)),
  );
  const add = (name: string, client: string, isKnown = false) =>
    queue
      .run({ client, isKnown }, () => {
        done.push(name);
        return Promise.resolve();
      })
      .catch((error: unknown) => {
        done.push(error instanceof OverloadedError ? `${name} refused` : String(error));
      });
  return { add, done, release: () => (release(), first) };
}

it('lets clients take turns, and known ones go first', async () => {
  const { add, done, release } = openQueue(3, 9);
  const waiting = [add('a1', 'a'), add('a2', 'a'), add('a3', 'a'), add('b1', 'b'), add('c1', 'c', true)];
  await release();
  await Promise.all(waiting);
  expect(done).toEqual(['c1', 'a1', 'b1', 'a2', 'a3']);
});

it('refuses at once what has no room, from the client that has the most', async () => {
  const { add, done, release } = openQueue();
  const waiting = [add('a1', 'a'), add('a2', 'a'), add('a3', 'a'), add('a4', 'a')];
  await waiting[3];
  expect(done).toEqual(['a4 refused']);
  waiting.push(add('b1', 'b'));
  await waiting[2];
  expect(done).toEqual(['a4 refused', 'a3 refused']);
  waiting.push(add('k1', 'k', true));
  await release();
  await Promise.all(waiting);
  expect(done.slice(2)).toEqual(['k1', 'a1', 'b1', 'a2']);
});

it('goes on after a task that fails', async () => {
  const queue = new FairQueue({ concurrency: 1, maxKnown: 1, maxOthers: 1 });
  const turn = { client: 'a', isKnown: false };
  await expect(queue.run(turn, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await queue.run(turn, () => Promise.resolve('next'))).toBe('next');
});
