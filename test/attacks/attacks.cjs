'use strict';

// `npm run attacks`: attacks a started portal and reports what got through. `-- --help` lists the arguments.
const { prepare } = require('../../bin/prepare.cjs');

prepare();
require('tsx/cjs');
void require('./run-attacks.ts').runAttacks(process.argv.slice(2));
