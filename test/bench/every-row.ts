import { measureAll } from './measure-all';
import { listMissingTools } from './reference';
import { listRows, PARTS } from './rows';

// `npm run check:long` runs this: it starts hundreds of programs, too many beside the other tests.

/** They need the network, or larger files. */
const LEFT_OUT = ['first-start', 'worker-kill'];

it('measures every row on every database, and reference and ours agree', async () => {
  const server = process.env.TEST_DATABASE_URL;
  const options = {
    ...{ rows: 300, rounds: 1, loadSeconds: 0.1, pageRequests: 2, large: false, json: false },
    ...(server && { database: server }),
    only: PARTS.filter((part) => !LEFT_OUT.includes(part)),
  };
  const said: string[] = [];
  const { results, skipped } = await measureAll(options, (words) => said.push(words));
  const wanted = listRows(false).filter(({ part }) => part !== undefined && options.only.includes(part));
  expect(results.map(({ id, on }) => `${id} ${on}`)).toEqual(
    wanted.flatMap(({ id, on }) => Object.keys(on).map((place) => `${id} ${place}`)),
  );
  const isSkipped = ({ on }: { on: string }) => skipped.some((what) => what.startsWith(on));
  const unmeasured = results.filter((result) => !result.ours && !isSkipped(result));
  expect(unmeasured.map(({ id }) => id).filter((id) => !LEFT_OUT.includes(id))).toEqual([]);
  // Every reference whose tool is installed has run and has the same outcome.
  const isMissing = {
    SQLite: listMissingTools(['sqlite3']),
    PostgreSQL: listMissingTools(['psql']),
    any: [],
  };
  const byHand = results.filter(
    ({ against, on }) => against === 'the same by hand' && isMissing[on].length === 0,
  );
  expect(byHand.filter((result) => !result.reference && !isSkipped(result))).toEqual([]);
}, 600_000);
