'use strict';

// `npm start`: on a fresh clone it installs and builds first, then this process is the portal.
const { loadBuilt, prepare } = require('./prepare.cjs');

// `npm run dev` has tsc build while this runs.
if (!process.argv.includes('--built')) prepare();

// These threads hash passwords, read files and query SQLite; four are too few for all three.
process.env.UV_THREADPOOL_SIZE ||= '16';

const { createApp } = loadBuilt('app.js');
void loadBuilt('bin/server/portal.js').runPortal(createApp);

// npm passes SIGTERM on, but killed with -9 it cannot.
if (process.env.npm_lifecycle_event === 'start') stopWithParent(process.ppid);

function stopWithParent(parent) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
