'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** No task takes longer. An older lock belongs to a dead process whose id may have been reused. */
const MAX_TASK_MS = 15 * 60_000;

/** Runs a task while no other process runs one for the same folder. The lock of a dead process is ignored. */
function withLock(folder, task) {
  const lock = path.join(folder, '.prepare.lock');
  const free = () => fs.rmSync(lock, { force: true });
  while (!take(lock)) pause(100);
  process.once('exit', free);
  try {
    task();
  } finally {
    process.off('exit', free);
    free();
  }
}

function take(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld(lock)) fs.rmSync(lock, { force: true });
    return false;
  }
}

function isHeld(lock) {
  try {
    const pid = Number(fs.readFileSync(lock, 'utf8'));
    if (Date.now() - fs.statSync(lock).mtimeMs > MAX_TASK_MS) return false;
    // The file is empty for a moment after its creation.
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    // ESRCH: there is no such process. If the file has gone meanwhile, another process may hold the next lock.
    return error.code !== 'ESRCH';
  }
}

const pause = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

module.exports = { withLock };
