import { listTotalProblems } from './invariants';

const expected = new Map([
  ['d900000001', { lines: 2, charge: 1600 }],
  ['d900000003', { lines: 1, charge: 800 }],
]);
const month = { contract: 'd900000001', calls: 2, charge: 1600 };

it('compares what a report says with what was brought in', () => {
  const small = { contract: 'd900000003', calls: 1, charge: 800 };
  expect(listTotalProblems({ by_contract: [month, small] }, expected)).toEqual([]);
  expect(listTotalProblems({ by_contract: [month, { ...small, charge: 801 }] }, expected)).toEqual([
    'd900000003 has 1 calls of 801, where 1 of 800 were brought in',
  ]);
  expect(listTotalProblems({ by_contract: [month] }, expected)).toHaveLength(1);
});
