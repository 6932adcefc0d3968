'use strict';

// `npm run faults`: breaks a portal of real processes and reports what was lost. `-- --help` lists the arguments.
const { prepare } = require('../../bin/prepare.cjs');

prepare();
require('tsx/cjs');
void require('./faults.ts').runFaults(process.argv.slice(2));
