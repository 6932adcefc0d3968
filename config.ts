import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { parseS3Address } from './lib/settings/s3-url';
import { findRedisSettingErrors, redisSettings } from './lib/settings/redis-url';
import { isReadableAccent } from './lib/settings/accent';
import { trustProxySetting } from './lib/settings/trust-proxy';
import { type RenamedSettings, resolveRenamedSettings } from './lib/settings/renamed';
import { OperatorError } from './lib/process/operator-error';

const isTest = process.env.NODE_ENV === 'test';
const isProduction = process.env.NODE_ENV === 'production';

/** The folder of package.json, views/ and public/: that of the sources in development, one up from dist/ after a build. */
export const projectRoot = existsSync(path.join(__dirname, 'package.json'))
  ? __dirname
  : path.dirname(__dirname);

function whole(min: number, max: number) {
  const allowed = `a whole number from ${min} to ${max}`;
  return z.coerce.number(allowed).int(allowed).min(min, allowed).max(max, allowed);
}

const list = z.string().transform((text) => text.split(',').map((item) => item.trim()));
const instant = z.iso.datetime({
  offset: true,
  error: 'a time with its zone, such as 2017-12-05T13:20:00+09:00',
});

/** An amount in yen, as 1/100 yen. */
const yen = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,2})?$/, 'yen with two decimals at most, such as 0.50')
  .transform((text) => Math.round(Number(text) * 100));

/** Small enough that each page and its style sheet stay under 30 kB. */
const LOGO_BYTES = 8192;

const isLogo = (file: string) =>
  /\.(png|gif|jpg|svg)$/i.test(file) &&
  (statSync(file, { throwIfNoEntry: false })?.size ?? Infinity) <= LOGO_BYTES;

const FILE_STORES =
  'fs, or s3://BUCKET/PREFIX?region=REGION, with a server of your own &endpoint=https://… and, where it needs that, &path-style=no';

const schema = z.object({
  PORT: whole(0, 65535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  TLS_CERT: z.string().optional(),
  TLS_KEY: z.string().optional(),
  HTTP_REDIRECT_PORT: whole(0, 65535).optional(),
  TRUST_PROXY: trustProxySetting,
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, 'sqlite:PATH or postgres://…')
    .optional(),
  ...redisSettings,
  /** In MB. */
  PRIVATE_REDIS_MAXMEMORY: whole(16, 1_048_576).default(256),
  DATA_DIR: z.string().min(1).default('var'),
  FILE_STORE: z
    .string()
    .default('fs')
    .refine((text) => text === 'fs' || parseS3Address(text), FILE_STORES)
    .transform(parseS3Address),
  SESSION_SECRET: list
    .refine((secrets) => secrets.every((secret) => secret.length >= 32), 'secrets of 32 characters and more')
    .optional(),
  OPERATOR_NAME: z.string().default('しおみ通信株式会社'),
  OPERATOR_SHORT_NAME: z.string().default('しおみ通信'),
  SERVICE_NAME: z.string().default('しおみ光フォン'),
  OPERATOR_COLOUR: z
    .string()
    .regex(/^#[\da-f]{6}$/i, 'a colour such as #165e83')
    .refine((colour) => isReadableAccent(colour), {
      error: 'a darker colour: links in it need a contrast of 4.5 to the ground of tables (#f4f1ec)',
      when: ({ issues }) => issues.length === 0,
    })
    .optional(),
  OPERATOR_LOGO: z
    .string()
    .refine(isLogo, `a file .png, .gif, .jpg or .svg of at most ${LOGO_BYTES} bytes`)
    .transform((file) => path.resolve(file))
    .optional(),
  SUPPORT_NAME: z.string().default('しおみ通信 法人お客さまセンター'),
  SUPPORT_PHONE_NUMBERS: list.default(['0120-000-000(無料)', '0570-000-000(携帯電話から)']),
  SUPPORT_HOURS: z.string().default('※受付時間 平日: 9:00~18:00(土・日・祝日・年末年始を除く)'),
  TERMS_TITLE: z.string().default('IP電話サービス契約約款'),
  PASSWORD_DELAY_MINUTES: whole(0, 1440).default(5),
  SELF_PASSWORD_RULE: z.enum(['guide', 'modern']).default('guide'),
  DETAIL_FILE_RETENTION_HOURS: whole(1, 8760).default(48),
  CHARGE_MONTHS: whole(1, 24).default(4),
  USAGE_MONTHS: whole(1, 24).default(6),
  INCOMING_DISCOUNT_YEN_PER_MINUTE: yen.default(50),
  VERIFICATION_CODE_MINUTES: whole(1, 60).default(30),
  VERIFICATION_SENDER_NUMBER: z.string().default('0120-000-000'),
  TRUSTED_DEVICE_DAYS: whole(1, 365).default(90),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'https://… as customers reach the portal' }).optional(),
  VERIFICATION_GATEWAY: z.enum(['outbox', 'twilio', 'smpp']).default('outbox'),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC\w+$/, 'AC… of the account')
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_FROM: z
    .string()
    .regex(/^\+\d{8,15}$/, 'a number such as +815012345678')
    .optional(),
  TWILIO_API_URL: z.url({ protocol: /^https?$/, error: 'https://…' }).default('https://api.twilio.com'),
  SMPP_URL: z
    .string()
    .regex(/^s?smpp:\/\/[^/?#@]+$/, 'smpp://HOST:PORT, or ssmpp://HOST:PORT with TLS')
    .optional(),
  SMPP_SYSTEM_ID: z
    .string()
    .regex(/^[!-~]{1,15}$/, '1 to 15 ASCII characters')
    .optional(),
  SMPP_PASSWORD: z.string().max(8, 'at most 8 characters, by SMPP 3.4').optional(),
  SMPP_FROM: z
    .string()
    .regex(/^(\+?\d{1,20}|[ -~]{1,11})$/, 'a number, or a name of 11 ASCII characters')
    .optional(),
  WORKERS: whole(0, 64).default(1),
  /** Node's own number of threads that wait for disks and databases; the start scripts set it. */
  UV_THREADPOOL_SIZE: whole(1, 1024).default(4),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default(isTest ? 'silent' : 'info'),
  MEISAI_NOW: instant.optional(),
});

/** Some settings cannot be used; the message lists every fault. */
export class ConfigError extends OperatorError {}

const SECRETS = ['SESSION_SECRET', 'TWILIO_AUTH_TOKEN', 'SMPP_PASSWORD', 'REDIS_SENTINEL_PASSWORD'];
const TWILIO = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM', 'PUBLIC_URL'];
const SMPP = ['SMPP_URL', 'SMPP_SYSTEM_ID', 'SMPP_PASSWORD', 'SMPP_FROM'];

/** Removes the credentials of an address, so that it can be shown. */
export const redactPassword = (url = '') => url.replace(/\/\/[^@/]*@/, '//');

/** Everything that is wrong with the settings, one line each: name as it was given, value, what is allowed. */
function findConfigErrors(
  { settings: env, givenAs, errors: contradictions }: RenamedSettings,
  parsed: ReturnType<typeof schema.safeParse>,
): string[] {
  const errors = (parsed.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    const value = SECRETS.includes(name) ? '(hidden)' : redactPassword(JSON.stringify(env[name]));
    return `${givenAs.get(name) ?? name}=${value}: ${issue.message}`;
  });
  errors.push(...contradictions);
  if (Boolean(env.TLS_CERT) !== Boolean(env.TLS_KEY)) errors.push('TLS_CERT and TLS_KEY: give both or none');
  for (const name of ['TLS_CERT', 'TLS_KEY']) {
    const file = env[name];
    if (file && !existsSync(file)) errors.push(`${name}=${JSON.stringify(file)}: no such file`);
  }
  if (env.HTTP_REDIRECT_PORT && !env.TLS_CERT)
    errors.push('HTTP_REDIRECT_PORT: only together with TLS_CERT and TLS_KEY');
  errors.push(...findRedisSettingErrors(env), ...findGatewayErrors(env));
  if (isProduction) errors.push(...findProductionErrors(env));
  return errors;
}

/** Each gateway needs all of its settings. Beside SMPP, Twilio's settings are for voice calls, which SMPP does not offer. */
function findGatewayErrors(env: NodeJS.ProcessEnv): string[] {
  const gateway = env.VERIFICATION_GATEWAY;
  const callsByTwilio = gateway === 'smpp' && env.TWILIO_ACCOUNT_SID !== undefined;
  const needed = [
    ...(gateway === 'smpp' ? SMPP : []),
    ...(gateway === 'twilio' || callsByTwilio ? TWILIO : []),
  ];
  return needed
    .filter((name) => env[name] === undefined)
    .map((name) => `${name}: required with VERIFICATION_GATEWAY=${gateway}`);
}

function findProductionErrors(env: NodeJS.ProcessEnv): string[] {
  const errors: string[] = [];
  if (!env.SESSION_SECRET) errors.push('SESSION_SECRET: required in production (32 characters and more)');
  if (!env.TLS_CERT && !env.TRUST_PROXY)
    errors.push(
      'TLS_CERT and TLS_KEY, or TRUST_PROXY: production serves TLS itself or stands behind a proxy that does',
    );
  if ((env.VERIFICATION_GATEWAY ?? 'outbox') === 'outbox')
    errors.push(
      'VERIFICATION_GATEWAY: twilio or smpp in production; outbox is for development, it shows every code',
    );
  if (env.MEISAI_NOW) errors.push('MEISAI_NOW: refused in production, the clock is the real one there');
  return errors;
}

// An empty value counts as none, so that a line of an env file can be emptied.
const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
const renamed = resolveRenamedSettings(given);
const parsed = schema.safeParse(renamed.settings);
const errors = findConfigErrors(renamed, parsed);
if (!parsed.success || errors.length > 0) {
  throw new ConfigError(`These settings cannot be used:\n${errors.map((line) => `  ${line}`).join('\n')}`);
}

/** One line for each setting that was given under an old name. */
export const settingWarnings = renamed.warnings;

const dataDir = path.resolve(parsed.data.DATA_DIR);

export const config = {
  ...parsed.data,
  DATA_DIR: dataDir,
  DATABASE_URL: parsed.data.DATABASE_URL ?? `sqlite:${path.join(dataDir, 'meisai.sqlite3')}`,
  isTest,
  isProduction,
  /** Whether customers reach the portal by TLS: cookies are `Secure` and HSTS is sent. */
  isSecure: parsed.data.TLS_CERT !== undefined || parsed.data.TRUST_PROXY !== undefined,
};
