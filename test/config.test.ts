import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../config';

/** The message of a start with these settings; empty if they are accepted. */
const readConfigErrors = (settings: Record<string, string>): string => readConfig(settings, "''");

/** Loads config.ts with these settings and writes an expression of what it exports, or its error. */
function readConfig(settings: Record<string, string>, expression: string): string {
  const load = `
    const { transformFileSync } = require('@swc/core');
    const options = { jsc: { parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } };
    require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, options).code, file);
    try { const { config, settingWarnings } = require('./config.ts'); process.stdout.write(${expression}) }
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
    expect(readConfigErrors({})).toBe('');
  });

  it('names every fault with its value and what is allowed', () => {
    const faults = readConfigErrors({
      PORT: '70000',
      DATABASE_URL: 'mysql://x',
      SELF_PASSWORD_RULE: 'weak',
      TLS_CERT: '/none',
    });
    expect(faults).toContain('PORT="70000": a whole number from 0 to 65535');
    expect(faults).toContain('DATABASE_URL="mysql://x": sqlite:PATH or postgres://…');
    expect(faults).toContain('SELF_PASSWORD_RULE="weak"');
    expect(faults).toContain('guide');
    expect(faults).toContain('TLS_CERT and TLS_KEY: give both or none');
    expect(faults).toContain('TLS_CERT="/none": no such file');
  });

  it('refuses production without a secret and TLS, or with a moved clock', () => {
    const faults = readConfigErrors({ NODE_ENV: 'production', MEISAI_NOW: '2017-12-05T13:20:00+09:00' });
    expect(faults).toContain('SESSION_SECRET: required in production');
    expect(faults).toContain('TLS_CERT and TLS_KEY, or TRUST_PROXY');
    expect(faults).toContain('MEISAI_NOW: refused in production');
  });

  it('takes certificates for a Redis that speaks TLS, and shows no password', () => {
    const REDIS_URL = 'rediss://user:secret@127.0.0.1:6379';
    const REDIS_TLS_CA = 'package.json';
    expect(readConfigErrors({ REDIS_URL, REDIS_TLS_CA })).toBe('');
    expect(readConfigErrors({ REDIS_URL, REDIS_TLS_CA: '/none', REDIS_TLS_KEY: REDIS_TLS_CA })).toMatch(
      /REDIS_TLS_CA="\/none": no such file\n.*REDIS_TLS_CERT and REDIS_TLS_KEY: give both or none/,
    );
    expect(readConfigErrors({ REDIS_URL: 'redis://127.0.0.1', REDIS_TLS_CA })).toContain(
      'REDIS_TLS_CA: only with a REDIS_URL that begins with rediss',
    );
    expect(readConfigErrors({ REDIS_URL: 'http://user:secret@127.0.0.1' })).toContain(
      'REDIS_URL="http://127.0.0.1": redis://HOST:PORT, redis-cluster://HOST:PORT,HOST:PORT,…',
    );
  });

  it('takes S3 as a file store, with a region and an address where they are told, and no password in it', () => {
    expect(readConfigErrors({ FILE_STORE: 's3://bucket/prefix' })).toBe('');
    expect(readConfigErrors({ FILE_STORE: 's3://bucket/a/prefix?region=ap-northeast-1' })).toBe('');
    expect(readConfigErrors({ FILE_STORE: 's3://bucket?endpoint=https://s3.example.jp&path-style=no' })).toBe(
      '',
    );
    for (const wrong of [
      's3://bucket?regoin=ap-northeast-1',
      's3://b?region=ap-northeast-1',
      's3://bucket?endpoint=s3.example.jp',
      'S3',
    ])
      expect(readConfigErrors({ FILE_STORE: wrong })).toContain(
        `FILE_STORE="${wrong}": fs, or s3://BUCKET/PREFIX?region=REGION`,
      );
    expect(readConfigErrors({ FILE_STORE: 's3://key:secret@bucket?region=x' })).toContain(
      'FILE_STORE="s3://bucket?region=x"',
    );
  });

  it('takes the nodes of a Redis Cluster', () => {
    for (const REDIS_URL of [
      'redis-cluster://10.0.0.1:7000',
      'rediss-sentinel://user:p%40ss@10.0.0.1,sentinel-2.example:26380,[::1]/meisai',
      'redis-cluster://user:p%40ss@10.0.0.1:7000,redis-2.example,[::1]:7002/',
      'rediss-cluster://10.0.0.1:7000,10.0.0.2:7000',
    ])
      expect(readConfigErrors({ REDIS_URL })).toBe('');
    for (const REDIS_URL of [
      'redis-cluster://',
      'redis-cluster://a,,b',
      'redis-cluster://10.0.0.1:x',
      'redis-sentinel://a',
    ])
      expect(readConfigErrors({ REDIS_URL })).toContain(
        `REDIS_URL="${REDIS_URL}": redis://HOST:PORT, redis-cluster`,
      );
  });

  it('takes a colour that can be read, and a small picture', () => {
    const faults = (OPERATOR_COLOUR: string, OPERATOR_LOGO: string) =>
      readConfigErrors({ OPERATOR_COLOUR, OPERATOR_LOGO });
    expect(faults('#7A1F5C', 'test/fixtures/logo.png')).toBe('');
    expect(faults('red', 'package.json')).toContain('OPERATOR_COLOUR="red": a colour such as #165e83');
    expect(faults('#ff9900', 'package.json')).toContain('OPERATOR_COLOUR="#ff9900": a darker colour');
    expect(faults('#ff9900', 'package.json')).toContain('OPERATOR_LOGO="package.json": a file .png');
    expect(faults('#7A1F5C', 'none.png')).toContain('OPERATOR_LOGO="none.png"');
  });

  it('needs every setting of a gateway, and a real one in production', () => {
    expect(readConfigErrors({ NODE_ENV: 'production' })).toContain(
      'VERIFICATION_GATEWAY: twilio or smpp in production',
    );
    const twilio = {
      VERIFICATION_GATEWAY: 'twilio',
      TWILIO_ACCOUNT_SID: 'AC0123',
      TWILIO_AUTH_TOKEN: 'token',
      TWILIO_FROM: '+815012345678',
      PUBLIC_URL: 'https://meisai.example.jp',
    };
    expect(readConfigErrors(twilio)).toBe('');
    expect(readConfigErrors({ ...twilio, TWILIO_AUTH_TOKEN: '', PUBLIC_URL: '' })).toMatch(
      /TWILIO_AUTH_TOKEN: required with VERIFICATION_GATEWAY=twilio\n.*PUBLIC_URL: required/,
    );
    expect(readConfigErrors({ ...twilio, TWILIO_FROM: '050', PUBLIC_URL: 'ftp://x' })).toMatch(
      /PUBLIC_URL="ftp:\/\/x": https:[^]*TWILIO_FROM="050": a number such as/,
    );
    const smpp = {
      VERIFICATION_GATEWAY: 'smpp',
      SMPP_URL: 'smpp://smsc.example.jp:2775',
      SMPP_SYSTEM_ID: 'meisai',
      SMPP_PASSWORD: 'secret',
      SMPP_FROM: 'Meisai',
    };
    expect(readConfigErrors(smpp)).toBe('');
    expect(readConfigErrors({ ...smpp, SMPP_FROM: '' })).toContain(
      'SMPP_FROM: required with VERIFICATION_GATEWAY=smpp',
    );
    expect(readConfigErrors({ ...smpp, TWILIO_ACCOUNT_SID: 'AC0' })).toContain('TWILIO_FROM: required');
    expect(readConfigErrors({ ...smpp, SMPP_PASSWORD: 'much too long' })).toMatch(
      /SMPP_PASSWORD=\(hidden\): at most 8/,
    );
  });

  it.each([
    ['CODE_MINUTES', 'VERIFICATION_CODE_MINUTES', '20', 20],
    ['CODE_SENDER', 'VERIFICATION_SENDER_NUMBER', '0120-1', '0120-1'],
    ['DEVICE_DAYS', 'TRUSTED_DEVICE_DAYS', '30', 30],
    ['FILE_KEEP_HOURS', 'DETAIL_FILE_RETENTION_HOURS', '24', 24],
    ['INCOMING_DISCOUNT', 'INCOMING_DISCOUNT_YEN_PER_MINUTE', '1.25', 125],
    ['SUPPORT_PHONES', 'SUPPORT_PHONE_NUMBERS', '0120-1, 0570-2', ['0120-1', '0570-2']],
  ])('reads %s as %s, with a warning', (oldName, name, text, value) => {
    const read = (settings: Record<string, string>) =>
      JSON.parse(readConfig(settings, `JSON.stringify([config.${name}, settingWarnings])`)) as unknown;
    const warning = `${oldName} is now called ${name}; the old name is still read`;
    expect(read({ [name]: text })).toEqual([value, []]);
    expect(read({ [oldName]: text })).toEqual([value, [warning]]);
    expect(read({ [oldName]: text, [name]: text })).toEqual([value, [warning]]);
  });

  it('names a setting in a fault as the operator has given it', () => {
    expect(readConfigErrors({ CODE_MINUTES: '0' })).toContain(
      '  CODE_MINUTES="0": a whole number from 1 to 60',
    );
    expect(readConfigErrors({ VERIFICATION_CODE_MINUTES: '0' })).toContain(
      '  VERIFICATION_CODE_MINUTES="0": ',
    );
  });

  it('refuses different values for the two names of a setting', () => {
    expect(readConfigErrors({ DEVICE_DAYS: '30', TRUSTED_DEVICE_DAYS: '60' })).toContain(
      '  DEVICE_DAYS="30" and TRUSTED_DEVICE_DAYS="60": two names of one setting; give only TRUSTED_DEVICE_DAYS',
    );
  });

  it('takes the number of proxies or their addresses, but never believes every address', () => {
    for (const TRUST_PROXY of ['1', '2', '10.0.0.5', '10.0.0.0/8, 2001:db8::/32', 'loopback'])
      expect(readConfigErrors({ TRUST_PROXY })).toBe('');
    for (const TRUST_PROXY of [
      'true',
      'yes',
      '0.0.0.0/0',
      '::/0',
      '10.0.0.5/33',
      '11',
      '1,2',
      'proxy.example',
    ])
      expect(readConfigErrors({ TRUST_PROXY })).toContain(
        `TRUST_PROXY="${TRUST_PROXY}": how many proxies stand before the portal`,
      );
  });

  it('never shows a secret', () => {
    expect(readConfigErrors({ SESSION_SECRET: 'too short' })).not.toContain('too short');
  });
});
