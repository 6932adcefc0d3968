'use strict';

// `npm run faults`: what a portal of real processes loses when they are killed. Arguments: --rows N, --tries N, --short, --json.
const { loadBuilt, prepare } = require('./prepare.cjs');

prepare();
void loadBuilt('jobs/faults/faults.js').runFaults(process.argv.slice(2));
