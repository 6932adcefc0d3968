'use strict';

// `npm run bench`: measures what is built. Arguments: --rows N, --quick, --rounds N, --json, --database postgres://…, --only LIST.
const { loadBuilt, prepare } = require('./prepare.cjs');

prepare();
void loadBuilt('jobs/bench/bench.js').runBench(process.argv.slice(2));
