import { formatFaultTable, tryFault } from './fault-table';

it('counts what was lost and keeps the longest recovery', async () => {
  const silent = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const seconds = [1, NaN, 3];
  const portal = { checkAfter: () => Promise.resolve() };
  const result = await tryFault(portal, 'worker killed', 3, () => {
    const next = seconds.shift() ?? 0;
    return Number.isNaN(next) ? Promise.reject(new Error('a file of 0 calls')) : Promise.resolve(next);
  });
  silent.mockRestore();
  expect(result).toEqual({ fault: 'worker killed', tries: 3, lost: 1, longest: 3 });
  expect(formatFaultTable([result], [])).toContain('| worker killed | 3 | 1 | 3.0 s |');
});

it('counts a fault as lost that leaves something wrong behind', async () => {
  const said: string[] = [];
  const silent = jest
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => said.push(String(text)) > 0);
  const portal = { checkAfter: () => Promise.reject(new Error('request 7 is making')) };
  const result = await tryFault(portal, 'worker killed', 2, () => Promise.resolve(1));
  silent.mockRestore();
  expect(result.lost).toBe(2);
  expect(said).toContain('worker killed: request 7 is making\n');
});
