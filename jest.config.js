/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // They need browsers: see test/browser/jest.config.js.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023' }, module: { type: 'commonjs' } }] },
  // Modules that are loaded when they are needed are named as they are after a build.
  moduleNameMapper: { '^(\\./commands/[\\w-]+)\\.js$': '$1' },
  testEnvironment: '<rootDir>/test/support/environment.ts',
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/var/'],
  maxWorkers: 2,
  // Nothing is asserted by time, and no test is tried again: on a busy machine it may take its time.
  testTimeout: 90_000,
};
