'use strict';

// `npm run faults`: breaks a portal of real processes, and tells what it lost. `-- --help` tells the arguments.
const { loadBuilt, prepare } = require('./prepare.cjs');

prepare();
void loadBuilt('jobs/faults/faults.js').runFaults(process.argv.slice(2));
