const base = require('../../jest.config');

/** `npm run test:browsers`: the portal in real browsers, one test file after the other. */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/browser/support/global-setup.ts',
  maxWorkers: 1,
  testTimeout: 180_000,
};
