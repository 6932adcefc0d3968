// On a busy CI machine a test of processes and clocks may be late: it is tried once more, and its first error is told.
if (process.env.CI) jest.retryTimes(1, { logErrorsBeforeRetry: true });
