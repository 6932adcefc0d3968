#!/usr/bin/env node
'use strict';

// The command line, `npx meisai …`: built where needed, then run in this process.
const { loadBuilt, prepare } = require('./prepare.cjs');

if (process.argv[2] === 'worker') require('./worker-memory.cjs');
prepare();
process.env.UV_THREADPOOL_SIZE ||= '16';
void loadBuilt('bin/meisai.js').runMeisai(process.argv);
