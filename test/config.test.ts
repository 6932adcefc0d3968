import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../config';

/** What a start with these settings says: nothing where they are fine. */
function faultsOf(settings: Record<string, string>): string {
  const load = `
    const { transformFileSync } = require('@swc/core');
    const options = { jsc: { parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } };
    require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, options).code, file);
    try { require('./config.ts') }
    catch (error) { console.log(error.message) }`;
  const env = { PATH: process.env.PATH, ...settings };
  return execFileSync(process.execPath, ['-e', load], {
    cwd: path.resolve(projectRoot),
    env,
    encoding: 'utf8',
  });
}

describe('config', () => {
  it('needs no setting on a laptop', () => {
    expect(faultsOf({})).toBe('');
  });

  it('names every fault with its value and what is allowed', () => {
    const faults = faultsOf({
      PORT: '70000',
      DATABASE_URL: 'mysql://x',
      SELF_PASSWORD_RULE: 'weak',
      TLS_CERT: '/none',
    });
    expect(faults).toContain('PORT="70000"');
    expect(faults).toContain('DATABASE_URL="mysql://x": sqlite:PATH or postgres://…');
    expect(faults).toContain('SELF_PASSWORD_RULE="weak"');
    expect(faults).toContain('guide');
    expect(faults).toContain('TLS_CERT and TLS_KEY: give both or none');
    expect(faults).toContain('TLS_CERT="/none": no such file');
  });

  it('refuses production without a secret and TLS, or with a moved clock', () => {
    const faults = faultsOf({ NODE_ENV: 'production', MEISAI_NOW: '2017-12-05T13:20:00+09:00' });
    expect(faults).toContain('SESSION_SECRET: required in production');
    expect(faults).toContain('TLS_CERT and TLS_KEY, or TRUST_PROXY');
    expect(faults).toContain('MEISAI_NOW: refused in production');
  });

  it('takes a colour that can be read, and a small picture', () => {
    const faults = (OPERATOR_COLOUR: string, OPERATOR_LOGO: string) =>
      faultsOf({ OPERATOR_COLOUR, OPERATOR_LOGO });
    expect(faults('#7A1F5C', 'test/fixtures/logo.png')).toBe('');
    expect(faults('red', 'package.json')).toContain('OPERATOR_COLOUR="red": a colour such as #165e83');
    expect(faults('#ff9900', 'package.json')).toContain('OPERATOR_COLOUR="#ff9900": a darker colour');
    expect(faults('#ff9900', 'package.json')).toContain('OPERATOR_LOGO="package.json": a file .png');
    expect(faults('#7A1F5C', 'none.png')).toContain('OPERATOR_LOGO="none.png"');
  });

  it('never shows a secret', () => {
    expect(faultsOf({ SESSION_SECRET: 'too short' })).not.toContain('too short');
  });
});
