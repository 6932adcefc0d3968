import { faultTable, tryFault } from '../../../jobs/faults/fault-table';

it('counts what was lost and keeps the longest recovery', async () => {
  const silent = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const seconds = [1, NaN, 3];
  const result = await tryFault('worker killed', 3, () => {
    const next = seconds.shift() ?? 0;
    return Number.isNaN(next) ? Promise.reject(new Error('a file of 0 calls')) : Promise.resolve(next);
  });
  silent.mockRestore();
  expect(result).toEqual({ fault: 'worker killed', tries: 3, lost: 1, longest: 3 });
  expect(faultTable([result], [])).toContain('| worker killed | 3 | 1 | 3.0 s |');
});
