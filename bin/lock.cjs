'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** No task takes longer: an older lock is of a process that died, whose number another process may have now. */
const LONGEST_MS = 15 * 60_000;

/** Runs a task while no other process runs one for the same folder. The lock of a process that has died counts for nothing. */
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
    if (Date.now() - fs.statSync(lock).mtimeMs > LONGEST_MS) return false;
    // Between making the file and writing into it there is a moment.
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    // ESRCH: there is no such process. Where the file has gone meanwhile, the next lock may be another's already.
    return error.code !== 'ESRCH';
  }
}

const pause = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

module.exports = { withLock };
