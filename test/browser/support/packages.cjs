'use strict';

// The programs that the browser tests drive, with the Debian packages that they come from.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const PACKAGES = {
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  w3m: 'w3m',
  lynx: 'lynx',
  links2: 'links2',
  'netsurf-gtk': 'netsurf-gtk',
  dillo: 'dillo',
  script: 'bsdutils',
  Xvfb: 'xvfb',
  xwd: 'x11-apps',
  pdftotext: 'poppler-utils',
  java: 'default-jre-headless',
};
const FONT = '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc';

const hasProgram = (program) =>
  (process.env.PATH || '').split(':').some((folder) => fs.existsSync(path.join(folder, program)));

/** Debian's packages of what is not there. */
function missingPackages() {
  const missing = Object.keys(PACKAGES).filter((program) => !hasProgram(program));
  return [...missing.map((program) => PACKAGES[program]), ...(fs.existsSync(FONT) ? [] : ['fonts-noto-cjk'])];
}

const INSTALL_MS = 900_000;

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: INSTALL_MS };
  return spawnSync('apt-get', args, options).status === 0;
}

/** A package that this system does not have keeps none of the others away. */
function install(packages) {
  const one = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  aptGet('update', '-qq');
  if (!aptGet(...one, ...packages)) for (const name of packages) aptGet(...one, name);
}

/** Installs what is missing, where that is possible, and says what stays missing: its tests are skipped. */
function installBrowsers() {
  let missing = missingPackages();
  if (missing.length > 0 && process.getuid() === 0 && hasProgram('apt-get')) {
    process.stderr.write(`Installing ${missing.join(', ')} …\n`);
    install(missing);
    missing = missingPackages();
  }
  if (missing.length > 0) {
    process.stderr.write(
      `These Debian packages are missing; what needs them is skipped. As root: apt-get install ${missing.join(' ')}\n`,
    );
  }
}

module.exports = { hasProgram, installBrowsers };

if (require.main === module) installBrowsers();
