const base = require('../../jest.config');

/** `npm run test:browsers`: the portal in real browsers, two test files at a time. */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testEnvironment: '<rootDir>/test/browser/support/environment.ts',
  setupFilesAfterEnv: ['<rootDir>/test/browser/support/retry.ts'],
  globalSetup: '<rootDir>/test/browser/support/global-setup.ts',
  reporters: ['default', '<rootDir>/test/browser/support/retried-tests.cjs'],
  testTimeout: 300_000,
};
