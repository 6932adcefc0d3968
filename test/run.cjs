'use strict';

// `npm test`: on a fresh clone it installs and builds first. Arguments are jest's.
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { prepare } = require('../bin/prepare.cjs');

prepare();

const root = path.dirname(__dirname);
const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const { status } = spawnSync(process.execPath, [jest, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
