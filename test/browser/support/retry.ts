// A browser on a busy CI machine may be late: such a test is tried once more, and retried-tests.cjs names it.
if (process.env.CI) jest.retryTimes(1, { logErrorsBeforeRetry: true });
