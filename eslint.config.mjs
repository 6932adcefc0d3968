import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import jest from 'eslint-plugin-jest';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const knex = { group: ['knex', 'knex/*', '**/knexfile'], message: 'Only models and migrations know Knex.' };
const db = { group: ['**/database/db'], message: 'Only models talk to the database.' };
// A row that nobody enqueues is built only when the sweep finds it.
const REQUEST_DETAIL_FILE = 'Use requestDetailFile of jobs/detail-files/request, which tells a worker too.';
const unannouncedDetailFiles = [
  {
    group: ['**/models/detail-file/detail-file'],
    importNames: ['insertDetailFile'],
    message: REQUEST_DETAIL_FILE,
  },
  {
    group: ['**/detail-files/*', '!**/detail-files/request', '!**/detail-files/progress'],
    message: REQUEST_DETAIL_FILE,
  },
];

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
  {
    files: ['routes/**/*.ts', 'app.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [knex, db, ...unannouncedDetailFiles] }] },
  },
  {
    files: ['bin/**/*.ts', 'jobs/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [knex] }] },
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
