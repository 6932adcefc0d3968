'use strict';

// `npm run bench`: measures what is built. `-- --help` lists the arguments.
const { prepare } = require('../../bin/prepare.cjs');

prepare();
require('tsx/cjs');
void require('./bench.ts').runBench(process.argv.slice(2));
