'use strict';

// Runs before anything is installed: Node's own modules only.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { withLock } = require('./lock.cjs');

const root = path.dirname(__dirname);
const dist = path.join(root, 'dist');
const stamp = path.join(dist, '.built-from');
const sources = [
  'app.ts',
  'config.ts',
  'index.ts',
  'knexfile.ts',
  'log.ts',
  'bin',
  'jobs',
  'lib',
  'migrations',
  'models',
  'routes',
];
/** tsc's exit code when it has written everything in spite of errors. */
const WRONG_TYPES = 2;

const settings = ['tsconfig.json', 'tsconfig.build.json'];

/** Installs the dependencies and builds dist/, each only if needed. Two programs that start at once take turns. */
function prepare() {
  if (isInstalled() && isBuilt()) return;
  withLock(root, () => {
    if (!isInstalled()) install();
    if (!isBuilt()) build();
  });
}

/** Whether node_modules/ holds the versions of package-lock.json, apart from packages that only development needs. */
function isInstalled() {
  const installed = readPackages('node_modules/.package-lock.json');
  if (!installed) return false;
  return Object.entries(readPackages('package-lock.json') ?? {}).every(
    ([name, { version, dev, optional, peer, devOptional }]) =>
      name === '' || dev || optional || peer || devOptional || installed[name]?.version === version,
  );
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function install() {
  process.stderr.write('Installing the dependencies (npm ci); this takes a minute or two …\n');
  // sqlite3 is compiled here, so that nothing comes from anywhere but the registry.
  const env = { ...process.env, npm_config_build_from_source: 'true' };
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const command = npm && npm.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  if (run([...command, ...args], env).status !== 0) fail('The dependencies could not be installed.');
}

/** Hashes the sources, so that a copy with other file times counts as the same. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [...settings, ...sources.flatMap(listSources)]) {
    const whole = path.join(root, file);
    if (fs.existsSync(whole)) hash.update(`${file}\n`).update(fs.readFileSync(whole));
  }
  return hash.digest('hex');
}

function listSources(name) {
  if (name.endsWith('.ts')) return [name];
  return listFiles(path.join(root, name))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(name, file));
}

function listFiles(folder) {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

function isBuilt() {
  try {
    return fs.readFileSync(stamp, 'utf8') === fingerprint();
  } catch {
    return false;
  }
}

function build() {
  process.stderr.write('Building dist/ …\n');
  const before = fingerprint();
  const fresh = path.join(root, 'node_modules', '.cache', 'meisai-build');
  fs.rmSync(fresh, { recursive: true, force: true });
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!fs.existsSync(tsc))
    fail('dist/ is older than the sources, and TypeScript is not installed: run npm ci.');
  const { status } = run([process.execPath, tsc, '-p', 'tsconfig.build.json', '--outDir', fresh]);
  if (status !== 0 && status !== WRONG_TYPES) fail('The sources do not compile.');
  moveInto(dist, fresh);
  // Wrong types do not prevent a start, but are reported at each one until they are corrected.
  if (status === 0) fs.writeFileSync(stamp, before);
}

/** Replaces file by file, because running processes may load from dist/ at any time; files without a source are removed. */
function moveInto(target, fresh) {
  const files = new Set(listFiles(fresh));
  for (const file of files) {
    fs.mkdirSync(path.dirname(path.join(target, file)), { recursive: true });
    fs.renameSync(path.join(fresh, file), path.join(target, file));
  }
  for (const file of listFiles(target)) if (!files.has(file)) fs.rmSync(path.join(target, file));
}

/** Runs a program. Its output goes to stderr, because stdout is the portal's. */
function run([program, ...args], env = process.env) {
  return spawnSync(program, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Loads a module of dist/. A fault that the operator can put right, such as a wrong setting, is shown without a stack. */
function loadBuilt(file) {
  try {
    return require(path.join(dist, file));
  } catch (error) {
    const { OperatorError } = require(path.join(dist, 'lib/process/operator-error.js'));
    return fail(error instanceof OperatorError ? error.message : error.stack);
  }
}

module.exports = { prepare, loadBuilt };

if (require.main === module) prepare();
