import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { Secret } from '../ports/secret.ts';

/** One setting of the process. The reference (docs/configuration.md) and the checks are made from this list. */
export interface SettingFacts {
  readonly env: string;
  readonly description: string;
  readonly example: string;
  /** As it would be written in the environment; null where there is none. */
  readonly fallback: string | null;
  /** What happens without it, where there is no fallback. */
  readonly without?: string;
  /** Never printed; may also be given as a file, with `_FILE` behind the name. */
  readonly secret: boolean;
}

interface Setting<T> extends SettingFacts {
  /** The value, or the sentence that says what it must be. */
  read(text: string): { readonly value: T } | { readonly problem: string };
}

const fromSchema =
  <T>(schema: z.ZodType<T>, problem: string): Setting<T>['read'] =>
  (text) => {
    const parsed = schema.safeParse(text);
    return parsed.success ? { value: parsed.data } : { problem };
  };

const wholeNumber = (min: number, max: number): Setting<number>['read'] =>
  fromSchema(
    z
      .string()
      .regex(/^\d{1,10}$/)
      .transform(Number)
      .pipe(z.number().min(min).max(max)),
    `must be a whole number from ${min} to ${max}`,
  );

const text = (problem: string, pattern: RegExp = /\S/): Setting<string>['read'] =>
  fromSchema(z.string().regex(pattern), problem);

const address: Setting<string>['read'] = fromSchema(
  z
    .string()
    .regex(/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/)
    .refine((url) => URL.canParse(url))
    .transform((url) => url.replace(/\/+$/, '')),
  'must be an http or https address without a user or a query',
);

/** `10.0.0.0/8`, or one address. */
const isNetwork = (entry: string): boolean => {
  const [ip = '', bits, ...rest] = entry.split('/');
  const version = isIP(ip);
  const isBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
  return version !== 0 && isBits && rest.length === 0;
};

const choice = <const C extends readonly [string, ...string[]]>(...choices: C): Setting<C[number]>['read'] =>
  fromSchema(z.enum(choices), `must be one of ${choices.join(', ')}`);

const secretText = (problem: string, pattern: RegExp): Setting<Secret>['read'] =>
  fromSchema(
    z
      .string()
      .regex(pattern)
      .transform((value) => new Secret(value)),
    problem,
  );

type Facts = Omit<SettingFacts, 'secret' | 'fallback'>;
type Always<T> = Setting<T> & { readonly fallback: string };
type Maybe<T> = Setting<T> & { readonly fallback: null };

/** A setting that always has a value. */
const setting = <T>(read: Setting<T>['read'], facts: Facts & { readonly fallback: string }): Always<T> => ({
  ...facts,
  secret: false,
  read,
});
const optional = <T>(read: Setting<T>['read'], facts: Facts & { readonly without: string }): Maybe<T> => ({
  ...facts,
  fallback: null,
  secret: false,
  read,
});
/** A secret never has a value of its own. */
const secret = (read: Setting<Secret>['read'], facts: Facts & { readonly without: string }): Maybe<Secret> => ({
  ...facts,
  fallback: null,
  secret: true,
  read,
});

/** A secret that a provider made; whatever visible characters it has. */
const optionalSecret = (facts: Omit<Facts, 'example'> & { readonly without: string }): Maybe<Secret> =>
  secret(secretText('must be visible characters without a space', /^[\x21-\x7e]{1,4000}$/), {
    ...facts,
    example: 'paste-it-here',
  });

const settings = {
  role: setting(choice('all', 'serve', 'work'), {
    env: 'CHATFERRY_ROLE',
    description:
      'What this process does: `serve` takes requests and webhooks, `work` writes into the inboxes, `all` both.',
    example: 'all',
    fallback: 'all',
  }),
  host: setting(text('must be an address of this machine', /^\S+$/), {
    env: 'CHATFERRY_HOST',
    description: 'The address to listen on. `0.0.0.0` for all; put a TLS proxy in front.',
    example: '0.0.0.0',
    fallback: '127.0.0.1',
  }),
  port: setting(wholeNumber(0, 65_535), {
    env: 'CHATFERRY_PORT',
    description: 'The port to listen on; `0` lets the system choose.',
    example: '8080',
    fallback: '8080',
  }),
  publicUrl: optional(address, {
    env: 'CHATFERRY_PUBLIC_URL',
    description: 'Where Telegram and the inboxes reach this gateway; may differ from where it listens.',
    example: 'https://chat.example.com',
    without: 'channels poll Telegram instead of having a webhook',
  }),
  trustedProxies: setting(
    fromSchema(
      z
        .string()
        .transform((list) =>
          list
            .split(',')
            .map((entry) => entry.trim())
            .filter((entry) => entry !== ''),
        )
        .refine((entries) => entries.every(isNetwork)),
      'must be addresses or networks, separated by commas',
    ),
    {
      env: 'CHATFERRY_TRUSTED_PROXIES',
      description: 'Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas.',
      example: '127.0.0.1,10.0.0.0/8',
      fallback: '',
    },
  ),
  dataDir: setting(text('must be a folder'), {
    env: 'CHATFERRY_DATA_DIR',
    description: 'Holds the embedded database and the keys made on the first start. Back it up.',
    example: '/var/lib/chatferry',
    fallback: './data',
  }),
  databaseUrl: secret(secretText('must be a PostgreSQL address', /^postgres(ql)?:\/\/\S+$/), {
    env: 'DATABASE_URL',
    description: 'Your PostgreSQL, version 15 or later.',
    example: 'postgres://chatferry:…@db.example.com/chatferry',
    without: 'the gateway runs a PostgreSQL of its own in the data folder',
  }),
  adminToken: secret(secretText('must be 16 to 255 visible characters', /^[\x21-\x7e]{16,255}$/), {
    env: 'CHATFERRY_ADMIN_TOKEN',
    description: 'Opens the management API and the `chatferry` command.',
    example: '$(openssl rand -hex 24)',
    without: 'one is made on the first start and kept in `admin-token` in the data folder',
  }),
  masterKey: secret(secretText('must be 32 bytes in base64', /^[A-Za-z0-9+/_-]{43}=?$/), {
    env: 'CHATFERRY_MASTER_KEY',
    description: 'Seals bot tokens and inbox credentials in the database. The same on every replica.',
    example: '$(openssl rand -base64 32)',
    without: 'one is made on the first start and kept in `master.key` in the data folder',
  }),
  otherMasterKeys: secret(
    secretText(
      'must be one or more keys of 32 bytes in base64, separated by commas',
      /^[A-Za-z0-9+/_-]{43}=?(,[A-Za-z0-9+/_-]{43}=?)*$/,
    ),
    {
      env: 'CHATFERRY_OTHER_MASTER_KEYS',
      description: 'Further master keys that open what they sealed; for changing the master key (operations.md).',
      example: '$(openssl rand -base64 32)',
      without: 'the keys in `master.key.others` in the data folder, where that is there',
    },
  ),
  logLevel: setting(choice('debug', 'info', 'warn', 'error'), {
    env: 'CHATFERRY_LOG_LEVEL',
    description: 'The least important line that is written. `debug` has one line an attempt.',
    example: 'debug',
    fallback: 'info',
  }),
  telegramApiRoot: setting(address, {
    env: 'CHATFERRY_TELEGRAM_API_ROOT',
    description: 'The Bot API server for channels that name none: yours, or a stand-in.',
    example: 'http://127.0.0.1:8081',
    fallback: 'https://api.telegram.org',
  }),
  telegramFileRoot: optional(address, {
    env: 'CHATFERRY_TELEGRAM_FILE_ROOT',
    description: 'Where files are fetched from, for channels that name none.',
    example: 'http://127.0.0.1:8082',
    without: 'files come from the Bot API server',
  }),
  intercomBaseUrl: optional(address, {
    env: 'CHATFERRY_INTERCOM_BASE_URL',
    description:
      'The Intercom API for workspaces that name none, in place of the region’s; `{region}` in it stands for the region.',
    example: 'http://127.0.0.1:4010/intercom',
    without: 'requests go to the address of the workspace’s region',
  }),
  hubspotBaseUrl: optional(address, {
    env: 'CHATFERRY_HUBSPOT_BASE_URL',
    description: 'The HubSpot API for workspaces that name none.',
    example: 'http://127.0.0.1:4010/hubspot',
    without: 'requests go to https://api.hubapi.com',
  }),
  intercomAppUrl: optional(address, {
    env: 'CHATFERRY_INTERCOM_APP_URL',
    description: 'Stands in for the page where people sign in to Intercom; `{region}` in it stands for the region.',
    example: 'http://127.0.0.1:4010/intercom',
    without: 'people are sent to app.intercom.com, or to that of their region',
  }),
  hubspotAppUrl: optional(address, {
    env: 'CHATFERRY_HUBSPOT_APP_URL',
    description: 'Stands in for the page where people sign in to HubSpot.',
    example: 'http://127.0.0.1:4010/hubspot',
    without: 'people are sent to https://app.hubspot.com',
  }),
  intercomClientId: optional(text('must be a client id', /^\S{1,200}$/), {
    env: 'CHATFERRY_INTERCOM_CLIENT_ID',
    description: 'Your Intercom app, which workspaces install by OAuth.',
    example: '3e3b7f26-0f0c-4f0b-8c25-6b2b0b1a7f10',
    without: 'it is given with each workspace that is connected',
  }),
  intercomClientSecret: optionalSecret({
    env: 'CHATFERRY_INTERCOM_CLIENT_SECRET',
    description: 'The client secret of that app, which signs its webhooks too.',
    without: 'it is given with each workspace that is connected',
  }),
  hubspotClientId: optional(text('must be a client id', /^\S{1,200}$/), {
    env: 'CHATFERRY_HUBSPOT_CLIENT_ID',
    description: 'Your HubSpot app, which portals install by OAuth.',
    example: '7fff1e36-2d40-4ae1-bbb1-5266d59564fb',
    without: 'it is given with each portal that is connected',
  }),
  hubspotClientSecret: optionalSecret({
    env: 'CHATFERRY_HUBSPOT_CLIENT_SECRET',
    description: 'The client secret of that app, which signs its webhooks too.',
    without: 'it is given with each portal that is connected',
  }),
  hubspotAppId: optional(text('must be an app id', /^\d{1,20}$/), {
    env: 'CHATFERRY_HUBSPOT_APP_ID',
    description: 'The id of that app.',
    example: '1234567',
    without: 'HubSpot is asked for it when a portal is connected',
  }),
  hubspotDeveloperApiKey: optionalSecret({
    env: 'CHATFERRY_HUBSPOT_DEVELOPER_API_KEY',
    description: 'The developer API key of the account that has that app; registers its custom channel.',
    without: 'it is given with each portal that is connected, or a custom channel is named',
  }),
  oidcIssuer: optional(address, {
    env: 'CHATFERRY_OIDC_ISSUER',
    description:
      'The OpenID Connect provider by which people sign in, at `/sign-in/oidc`; needs `CHATFERRY_PUBLIC_URL`.',
    example: 'https://login.acme.test',
    without: 'people sign in with a password',
  }),
  oidcClientId: optional(text('must be a client id', /^\S{1,200}$/), {
    env: 'CHATFERRY_OIDC_CLIENT_ID',
    description: 'The id of the gateway at that provider.',
    example: 'chatferry',
    without: 'people sign in with a password',
  }),
  oidcClientSecret: optionalSecret({
    env: 'CHATFERRY_OIDC_CLIENT_SECRET',
    description: 'The secret of the gateway at that provider.',
    without: 'people sign in with a password',
  }),
  callerWaitMs: setting(wholeNumber(1_000, 120_000), {
    env: 'CHATFERRY_CALLER_WAIT_MS',
    description: 'How long a caller waits for Telegram, in milliseconds; afterwards 504, while the attempt goes on.',
    example: '10000',
    fallback: '30000',
  }),
  keyRatePerSecond: setting(wholeNumber(1, 100_000), {
    env: 'CHATFERRY_KEY_RATE_PER_SECOND',
    description: 'Requests a second that a new key may make.',
    example: '50',
    fallback: '100',
  }),
  keyRateBurst: setting(wholeNumber(1, 1_000_000), {
    env: 'CHATFERRY_KEY_RATE_BURST',
    description: 'Requests that a new key may make at once.',
    example: '100',
    fallback: '200',
  }),
  chatRatePerSecond: setting(wholeNumber(0, 1_000), {
    env: 'CHATFERRY_CHAT_RATE_PER_SECOND',
    description:
      'Sends a second to one chat: more wait for their turn, or answer 429 where that takes too long; 0 for no limit. Telegram advises 1.',
    example: '0',
    fallback: '1',
  }),
  chatRateBurst: setting(wholeNumber(1, 1_000), {
    env: 'CHATFERRY_CHAT_RATE_BURST',
    description: 'Sends to one chat that may go at once.',
    example: '3',
    fallback: '5',
  }),
  groupRatePerMinute: setting(wholeNumber(0, 60_000), {
    env: 'CHATFERRY_GROUP_RATE_PER_MINUTE',
    description: 'Sends a minute to one group; 0 for no limit. Telegram allows 20.',
    example: '0',
    fallback: '20',
  }),
  botRatePerSecond: setting(wholeNumber(0, 10_000), {
    env: 'CHATFERRY_BOT_RATE_PER_SECOND',
    description:
      'Sends a second of one bot from this process; 0 for no limit. Telegram allows 30, more with paid broadcasts; several replicas share it.',
    example: '15',
    fallback: '30',
  }),
  laneWaitersMax: setting(wholeNumber(1, 10_000), {
    env: 'CHATFERRY_LANE_WAITERS_MAX',
    description: 'Sends that may wait for one chat; more answer 429.',
    example: '20',
    fallback: '100',
  }),
  workerLanesMax: setting(wholeNumber(1, 1_000), {
    env: 'CHATFERRY_WORKER_LANES_MAX',
    description: 'Conversations that this process writes into the inboxes at the same time.',
    example: '64',
    fallback: '32',
  }),
  reconcileEverySeconds: setting(wholeNumber(1, 86_400), {
    env: 'CHATFERRY_RECONCILE_EVERY_SECONDS',
    description:
      'Seconds between two looks through the inboxes for replies whose webhook never came; the first look is at the start.',
    example: '60',
    fallback: '300',
  }),
  watchEverySeconds: setting(wholeNumber(1, 86_400), {
    env: 'CHATFERRY_WATCH_EVERY_SECONDS',
    description:
      'Seconds between two looks at where Telegram delivers the updates of each bot, and whether it takes a refused token again.',
    example: '300',
    fallback: '60',
  }),
  connectionsMax: setting(wholeNumber(2, 500), {
    env: 'CHATFERRY_DATABASE_CONNECTIONS_MAX',
    description: 'Connections to the database.',
    example: '32',
    fallback: '16',
  }),
  messagesDays: setting(wholeNumber(2, 3_650), {
    env: 'CHATFERRY_RETENTION_MESSAGES_DAYS',
    description: 'Days that messages and their attempts are kept.',
    example: '365',
    fallback: '90',
  }),
  contactsDays: setting(wholeNumber(30, 3_650), {
    env: 'CHATFERRY_RETENTION_CONTACTS_DAYS',
    description:
      'Days after which a chat in which nothing happened is forgotten, with its name and its conversation in the inbox; who writes again begins anew.',
    example: '730',
    fallback: '400',
  }),
  updatesDays: setting(wholeNumber(2, 365), {
    env: 'CHATFERRY_RETENTION_UPDATES_DAYS',
    description: 'Days that raw updates are kept.',
    example: '30',
    fallback: '7',
  }),
} as const;

export type Config = {
  readonly [K in keyof typeof settings]: (typeof settings)[K] extends Always<infer T>
    ? T
    : (typeof settings)[K] extends Maybe<infer T>
      ? T | null
      : never;
};

/** Everything that can be set, in the order of the reference. */
export const configSettings: readonly SettingFacts[] = Object.values(settings);

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** Every problem, each with what to do. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the whole configuration; the environment is read nowhere else. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, one] of Object.entries<Setting<unknown>>(settings)) {
    const given = textOf(one, env, problems);
    if (given === null) {
      values[name] = null;
      continue;
    }
    const read = one.read(given);
    if ('problem' in read) {
      const shown = one.secret ? 'The value given' : `“${given}”`;
      problems.push(
        `${one.env}: ${shown} ${one.secret ? 'does not fit: it ' : ''}${read.problem}. For example: ${one.env}=${one.example}`,
      );
    } else values[name] = read.value;
  }
  problems.push(...unknownNames(env), ...tellingDebug(env['NODE_DEBUG']));
  return problems.length === 0 ? { ok: true, config: values as Config } : { ok: false, problems };
}

function textOf(
  one: SettingFacts,
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): string | null {
  const direct = env[one.env];
  const file = one.secret ? env[`${one.env}_FILE`] : undefined;
  if (direct !== undefined && direct !== '') {
    if (file !== undefined && file !== '') problems.push(`${one.env} and ${one.env}_FILE are both set. Remove one.`);
    return direct;
  }
  if (file === undefined || file === '') return one.fallback;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    problems.push(
      `${one.env}_FILE: ${file} cannot be read (${reason}). Give the path of a file that the gateway may read.`,
    );
    return null;
  }
}

/** Node.js: these write whole addresses to stderr, and Telegram's carry the bot token; `*` stands for anything. */
const tellingModules = ['undici', 'fetch', 'http', 'https', 'net', 'tls'];

function tellingDebug(nodeDebug: string | undefined): readonly string[] {
  const named = (nodeDebug ?? '').split(',').map((name) => name.trim().toLowerCase());
  const telling = named.filter((name) => {
    const pattern = new RegExp(`^${name.replaceAll(/[^a-z0-9*]/g, '\\$&').replaceAll('*', '.*')}$`);
    return tellingModules.some((module) => pattern.test(module));
  });
  return telling.length === 0
    ? []
    : [`NODE_DEBUG: “${telling.join(',')}” would print addresses with bot tokens in them. Take it out of NODE_DEBUG.`];
}

/** Of the `chatferry` command, which may run in the same shell. */
const namesOfTheCommand = ['CHATFERRY_URL', 'CHATFERRY_KEY', 'CHATFERRY_KEY_FILE'];

/** A misspelt setting must not be overlooked. */
function unknownNames(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = new Set([
    ...namesOfTheCommand,
    ...configSettings.flatMap((one) => (one.secret ? [one.env, `${one.env}_FILE`] : [one.env])),
  ]);
  return Object.keys(env)
    .filter((name) => name.startsWith('CHATFERRY_') && !known.has(name))
    .map((name) => `${name} is not a setting. Correct its name or remove it; docs/configuration.md lists them all.`);
}
