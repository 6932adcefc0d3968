'use strict';

/** A reporter of jest: names the tests that were tried more than once, at the end of the run. */
module.exports = class RetriedTests {
  onRunComplete(_contexts, { testResults }) {
    const retried = testResults.flatMap(({ testResults: tests }) =>
      tests.filter(({ invocations = 1 }) => invocations > 1),
    );
    if (retried.length === 0) return;
    process.stderr.write(`\nTried once more (${retried.length}):\n`);
    for (const { fullName, status } of retried) process.stderr.write(`  ${fullName}: ${status}\n`);
  }
};
