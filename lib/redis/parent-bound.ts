import { spawnSync } from 'node:child_process';

export interface BoundCommand {
  program: string;
  args: string[];
  /** Whether one lock per file is kept by the command itself. */
  locked: boolean;
}

// The check of the parent closes the gap between the fork and setpriv, in which the parent may already have died.
const ONLY_WITH_PARENT = '[ "$PPID" = "$0" ] && exec "$@"';

// The shell lives as long as the command, and ends it when the pipe from the parent (its input) closes.
const WATCH_PIPE = `
exec 3<&0
trap 'kill -TERM "$!" "$server"' TERM
"$@" </dev/null 3<&- & server=$!
( read -r line <&3; kill -TERM "$server" ) 2>/dev/null & watcher=$!
exec 3<&-
wait "$server"; code=$?
while kill -0 "$server" 2>/dev/null; do wait "$server"; code=$?; done
kill -KILL "$watcher" 2>/dev/null
exit "$code"`;

/** Whether this system has setpriv and flock of util-linux; others lack them or have reduced versions. */
export function hasParentDeathSignal(): boolean {
  const probe = ['--pdeathsig', 'TERM', '--', 'flock', '-sF', '/dev/null', 'true'];
  return spawnSync('setpriv', probe, { stdio: 'ignore' }).status === 0;
}

/**
 * Builds a command that ends with this process, even if this process is killed with -9.
 * With setpriv it waits for the lock file first, so that only one of several such commands runs at a time.
 * Its standard input must be a pipe. Start it from the main thread: the signal belongs to the thread.
 */
export function bindToParent(command: string[], lock: string, signal = hasParentDeathSignal()): BoundCommand {
  if (!signal) return { program: 'sh', args: ['-c', WATCH_PIPE, 'sh', ...command], locked: false };
  const start = ['sh', '-c', ONLY_WITH_PARENT, String(process.pid), 'flock', '-F', lock, ...command];
  return { program: 'setpriv', args: ['--pdeathsig', 'TERM', '--', ...start], locked: true };
}
