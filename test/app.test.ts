import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { config, projectRoot } from '../config';

const run = promisify(execFile);

/** Prints the modules that are loaded with the app, by their paths in the project. */
const LIST_MODULES = `
require('./app');
const path = require('node:path');
console.log(JSON.stringify(Object.keys(require.cache).map((file) => path.relative(process.cwd(), file))));`;

/** Our workers and gateways, and the libraries of those and of files in the background. */
const FOR_WORKERS =
  /^bin\/|^jobs\/(.*worker|housekeeping|import|letters|demo)|gateways\/(?!status-address)|node_modules\/(twilio|smpp|pdfkit|yazl|commander|@aws-sdk)\//;

it('loads no workers, gateways, or libraries that only they need', async () => {
  const env = { ...process.env, NODE_ENV: 'test', DATA_DIR: config.DATA_DIR };
  const { stdout } = await run(process.execPath, ['--import', 'tsx', '--eval', LIST_MODULES], {
    cwd: projectRoot,
    env,
  });
  const modules = JSON.parse(stdout) as string[];
  expect(modules).toContain('routes/gateway/twilio.ts');
  expect(modules.filter((file) => FOR_WORKERS.test(file))).toEqual([]);
});
