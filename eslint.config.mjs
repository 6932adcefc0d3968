import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import jest from 'eslint-plugin-jest';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/**
 * The floors of the house, top to bottom, and how each is imported. An import never goes up. lib/settings/ and
 * lib/process/ are below config.ts, which needs them. test/structure.test.ts finds circles, which no rule here can.
 */
const floors = {
  index: 'index',
  bin: '(app|bin/.+|knexfile)',
  routes: 'routes/.+',
  jobs: 'jobs/.+',
  models: '(models|migrations)/.+',
  lib: 'lib/(?!settings/|process/).+',
  log: 'log',
  config: 'config',
  base: 'lib/(settings|process)/.+',
};

const knex = { regex: '^knex(/|$)', message: 'Only lib/database, models and migrations know Knex.' };
const db = {
  regex: '/database/db$',
  allowImportNames: ['Queryable', 'closeDatabase', 'migrateDatabase', 'runExclusively'],
  message: 'Only models and lib query the database.',
};
// A row that nobody enqueues is built only when the sweep finds it.
const REQUEST_DETAIL_FILE = 'Use requestDetailFile of jobs/detail-files/request, which tells a worker too.';
const unannouncedDetailFiles = [
  {
    group: ['**/models/detail-file/detail-file'],
    importNames: ['insertDetailFile'],
    message: REQUEST_DETAIL_FILE,
  },
  {
    group: ['**/detail-files/*', '!**/detail-files/request'],
    message: REQUEST_DETAIL_FILE,
  },
];
const otherFolders = { regex: '^\\.\\./', message: 'This folder imports nothing of ours.' };
const allButValues = {
  regex: '^\\.\\./(?!\\.\\./lib/values/)',
  message: 'This is a leaf: besides its own folder it imports only lib/values.',
};

/** The files of each floor and what they must not import besides; of several rows that match, the last one counts. */
const rooms = [
  { files: ['index.ts'], floor: 'index', besides: [knex, db] },
  { files: ['app.ts', 'bin/**/*.ts', 'knexfile.ts'], floor: 'bin', besides: [knex, db] },
  { files: ['routes/**/*.ts'], floor: 'routes', besides: [knex, db, ...unannouncedDetailFiles] },
  { files: ['jobs/**/*.ts'], floor: 'jobs', besides: [knex, db] },
  { files: ['models/**/*.ts', 'migrations/**/*.ts'], floor: 'models' },
  { files: ['models/phone-number/**/*.ts'], floor: 'models', besides: [allButValues] },
  { files: ['models/billing/month.ts'], floor: 'models', besides: [allButValues, { regex: '^\\./' }] },
  { files: ['lib/**/*.ts'], floor: 'lib', besides: [knex] },
  { files: ['lib/database/**/*.ts'], floor: 'lib' },
  { files: ['log.ts'], floor: 'log', besides: [knex] },
  { files: ['config.ts'], floor: 'config', besides: [knex] },
  { files: ['lib/settings/**/*.ts', 'lib/process/**/*.ts'], floor: 'base', besides: [knex, otherFolders] },
];

function forbidImports({ files, floor, besides = [] }) {
  const names = Object.keys(floors);
  const above = names.slice(0, names.indexOf(floor)).map((name) => ({
    regex: `^(\\.{1,2}/)+${floors[name]}$`,
    message: `This is on the floor “${floor}”: it must not import from “${name}”, which is above it.`,
  }));
  return { files, rules: { 'no-restricted-imports': ['error', { patterns: [...above, ...besides] }] } };
}

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'var/'] },
  eslint.configs.recommended,
  {
    rules: { 'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['test/**/*.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: { 'max-lines': 'off', 'jest/expect-expect': 'off' },
  },
  ...rooms.map(forbidImports),
  {
    files: ['test/rounds/calculator/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^\\.\\./', message: 'The calculator judges the portal: it shares no code with it.' },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    ignores: ['public/**'],
    languageOptions: {
      globals: { module: 'writable', require: 'readonly', process: 'readonly', __dirname: 'readonly' },
    },
  },
  {
    files: ['**/*.{js,cjs}'],
    ignores: ['public/**'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { setTimeout: 'readonly', setInterval: 'readonly', clearInterval: 'readonly' },
    },
  },
  {
    files: ['public/**/*.js'],
    languageOptions: {
      // The oldest browsers that may run it know no later language.
      ecmaVersion: 5,
      sourceType: 'script',
      globals: {
        document: 'readonly',
        window: 'readonly',
        location: 'readonly',
        sessionStorage: 'readonly',
        setTimeout: 'readonly',
        XMLHttpRequest: 'readonly',
      },
    },
  },
  prettier,
);
