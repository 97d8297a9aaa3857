import { isIP } from 'node:net';
import { z } from 'zod';
import { channelAdapter } from '../adapters/registry.ts';
import { allowedPrivateOriginsEnv } from '../ports/allowed-private-origins.ts';
import {
  optionalSetting,
  providerSecretSetting,
  readAddress,
  readSecret,
  readText,
  readWith,
  requiredSetting,
  type Setting,
  secretSetting,
} from '../ports/setting.ts';
import { readPublicUrl } from './public-url.ts';

const { displayName: channel } = channelAdapter.facts;

const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

const wholeNumber = (min: number, max: number): Setting<number>['read'] =>
  readWith(
    z
      .string()
      .regex(/^\d{1,10}$/)
      .transform(Number)
      .pipe(z.number().min(min).max(max)),
    `must be a whole number from ${min} to ${max}`,
  );

/** `10.0.0.0/8`, or one address. */
const isNetwork = (entry: string): boolean => {
  const [ip = '', bits, ...rest] = entry.split('/');
  const version = isIP(ip);
  const isBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
  return version !== 0 && isBits && rest.length === 0;
};

/** `http://10.0.0.7:8081`, also with `{region}` in it. */
const isOrigin = (entry: string): boolean =>
  /^https?:\/\/[^\s/?#@*]+\/?$/i.test(entry) && URL.canParse(entry.replaceAll('{region}', 'region'));

const choice = <const C extends readonly [string, ...string[]]>(...choices: C): Setting<C[number]>['read'] =>
  readWith(z.enum(choices), `must be one of ${choices.join(', ')}`);

/** `name=address` pairs. A name that two of them have is a mistake. */
const readServers: Setting<Readonly<Record<string, string>>>['read'] = (text) => {
  const problem = 'must be pairs of a name and an http or https address, such as eu=https://bot-api.example.com';
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const servers: Record<string, string> = {};
  for (const entry of entries) {
    const [, name = '', address = ''] = /^([a-z0-9][a-z0-9_-]{0,62})=(.+)$/.exec(entry) ?? [];
    const read = readAddress(address);
    if (name === '' || Object.hasOwn(servers, name) || 'problem' in read) return { problem };
    servers[name] = read.value;
  }
  return { value: servers };
};

/** The settings in the order of the reference, before those of the adapters. */
export const processSettings = {
  role: requiredSetting(choice('all', 'serve', 'work'), {
    env: 'CHATFERRY_ROLE',
    description:
      'What this process does: `serve` answers requests and webhooks, `work` writes to the inboxes, `all` does both.',
    example: 'all',
    fallback: 'all',
  }),
  host: requiredSetting(readText('must be an address of this machine', /^\S+$/), {
    env: 'CHATFERRY_HOST',
    description: 'The address to listen on. `0.0.0.0` means all addresses; use a TLS proxy then.',
    example: '0.0.0.0',
    fallback: '127.0.0.1',
  }),
  port: requiredSetting(wholeNumber(0, 65_535), {
    env: 'CHATFERRY_PORT',
    description: 'The port to listen on. `0` lets the system choose.',
    example: '8080',
    fallback: '8080',
  }),
  publicUrl: optionalSetting(readPublicUrl, {
    env: 'CHATFERRY_PUBLIC_URL',
    description: `The address at which ${channel} and the inboxes reach this gateway. It may differ from the address on which the gateway listens. They accept https only; a private host may have http, for the sandbox.`,
    example: 'https://chat.example.com',
    without: `channels poll ${channel} instead of having a webhook`,
  }),
  trustedProxies: requiredSetting(
    readWith(
      z
        .string()
        .transform(listOf)
        .refine((entries) => entries.every(isNetwork)),
      'must be addresses or networks, separated by commas',
    ),
    {
      env: 'CHATFERRY_TRUSTED_PROXIES',
      description:
        'Proxies whose X-Forwarded-For header is trusted: addresses or networks, separated by commas. Without it, all callers through a proxy count as one.',
      example: '127.0.0.1,10.0.0.0/8',
      fallback: '',
    },
  ),
  providerServers: requiredSetting(readServers, {
    env: 'CHATFERRY_PROVIDER_SERVERS',
    description:
      'The servers of providers that workspaces may choose by name in `base_url`, `api_root` and `file_root`, as `name=address` separated by commas. A URL in those fields needs a credential with access to the whole installation.',
    example: 'eu=https://bot-api.example.com,files=https://files.example.com',
    fallback: '',
  }),
  dataDir: requiredSetting(readText('must be a folder'), {
    env: 'CHATFERRY_DATA_DIR',
    description: 'The folder with the embedded database and the keys that the first start creates. Back it up.',
    example: '/var/lib/chatferry',
    fallback: './data',
  }),
  databaseUrl: secretSetting(readSecret('must be a PostgreSQL address', /^postgres(ql)?:\/\/\S+$/), {
    env: 'DATABASE_URL',
    description: 'Your PostgreSQL, version 15 or later.',
    example: 'postgres://chatferry:…@db.example.com/chatferry',
    without: 'the gateway runs an embedded PostgreSQL in the data folder',
  }),
  migrationDatabaseUrl: secretSetting(readSecret('must be a PostgreSQL address', /^postgres(ql)?:\/\/\S+$/), {
    env: 'CHATFERRY_MIGRATION_DATABASE_URL',
    description:
      'The same database with the role that owns its tables. Only `npm run migrate`, `npm run restore` and the migrations at the start use it. Then the role of `DATABASE_URL` needs to own nothing and cannot change the audit log (operations.md).',
    example: 'postgres://chatferry_owner:…@db.example.com/chatferry',
    without: 'the role of `DATABASE_URL` migrates the database, unless it has been migrated already',
  }),
  adminToken: secretSetting(readSecret('must be 16 to 255 visible characters', /^[\x21-\x7e]{16,255}$/), {
    env: 'CHATFERRY_ADMIN_TOKEN',
    description: 'Opens the management API and the `chatferry` command.',
    example: '$(openssl rand -hex 24)',
    without: 'the first start creates one and stores it in `admin-token` in the data folder',
  }),
  masterKey: secretSetting(readSecret('must be 32 bytes in base64', /^[A-Za-z0-9+/_-]{43}=?$/), {
    env: 'CHATFERRY_MASTER_KEY',
    description: 'Seals (encrypts) bot tokens and inbox credentials in the database. All replicas need the same key.',
    example: '$(openssl rand -base64 32)',
    without: 'the first start creates one and stores it in `master.key` in the data folder',
  }),
  otherMasterKeys: secretSetting(
    readSecret(
      'must be one or more keys of 32 bytes in base64, separated by commas',
      /^[A-Za-z0-9+/_-]{43}=?(,[A-Za-z0-9+/_-]{43}=?)*$/,
    ),
    {
      env: 'CHATFERRY_OTHER_MASTER_KEYS',
      description:
        'Further master keys, which only open the values that they sealed. They are for a change of the master key (operations.md).',
      example: '$(openssl rand -base64 32)',
      without: 'the keys in `master.key.others` in the data folder are used, if that file exists',
    },
  ),
  logLevel: requiredSetting(choice('debug', 'info', 'warn', 'error'), {
    env: 'CHATFERRY_LOG_LEVEL',
    description: 'The lowest level that is logged. `debug` logs one line per attempt.',
    example: 'debug',
    fallback: 'info',
  }),
} as const;

/** The settings after those of the adapters. */
export const limitSettings = {
  allowedPrivateOrigins: requiredSetting(
    readWith(
      z
        .string()
        .transform(listOf)
        .refine((entries) => entries.every(isOrigin)),
      'must be addresses without a path, separated by commas',
    ),
    {
      env: allowedPrivateOriginsEnv,
      description:
        'Servers in private networks that the gateway may call, besides those in its other settings: scheme, host and port, separated by commas. Also the servers that it may call without https. `{region}` stands for each region. All other calls go to public addresses over https.',
      example: 'http://10.0.0.7:8081,http://standin.internal:4010',
      fallback: '',
    },
  ),
  oidcIssuer: optionalSetting(readAddress, {
    env: 'CHATFERRY_OIDC_ISSUER',
    description:
      'The OpenID Connect provider with which people sign in, at `/sign-in/oidc`. It requires `CHATFERRY_PUBLIC_URL`.',
    example: 'https://login.acme.test',
    without: 'people sign in with a password',
  }),
  oidcClientId: optionalSetting(readText('must be a client id', /^\S{1,200}$/), {
    env: 'CHATFERRY_OIDC_CLIENT_ID',
    description: 'The id of the gateway at that provider.',
    example: 'chatferry',
    without: 'people sign in with a password',
  }),
  oidcClientSecret: providerSecretSetting({
    env: 'CHATFERRY_OIDC_CLIENT_SECRET',
    description: 'The secret of the gateway at that provider.',
    without: 'people sign in with a password',
  }),
  callerWaitMs: requiredSetting(wholeNumber(1_000, 120_000), {
    env: 'CHATFERRY_CALLER_WAIT_MS',
    description: `How long a caller waits for ${channel}, in milliseconds. After that the answer is 504, and the attempt continues.`,
    example: '10000',
    fallback: '30000',
  }),
  keyRatePerSecond: requiredSetting(wholeNumber(1, 100_000), {
    env: 'CHATFERRY_KEY_RATE_PER_SECOND',
    description: 'Requests per second that a new key allows.',
    example: '50',
    fallback: '100',
  }),
  keyRateBurst: requiredSetting(wholeNumber(1, 1_000_000), {
    env: 'CHATFERRY_KEY_RATE_BURST',
    description: 'Requests that a new key allows at once.',
    example: '100',
    fallback: '200',
  }),
  keyRateMaxPerSecond: requiredSetting(wholeNumber(1, 100_000), {
    env: 'CHATFERRY_KEY_RATE_MAX_PER_SECOND',
    description:
      'The most requests per second that a key may be given. A caller with access to only some workspaces cannot give more than CHATFERRY_KEY_RATE_PER_SECOND.',
    example: '5000',
    fallback: '1000',
  }),
  keyRateMaxBurst: requiredSetting(wholeNumber(1, 1_000_000), {
    env: 'CHATFERRY_KEY_RATE_MAX_BURST',
    description: 'The same for the requests at once.',
    example: '10000',
    fallback: '2000',
  }),
  chatRatePerSecond: requiredSetting(wholeNumber(0, 1_000), {
    env: 'CHATFERRY_CHAT_RATE_PER_SECOND',
    description: `Sends per second to one chat. Further sends wait, or are answered with 429 if the wait is too long. 0 means no limit. ${channel} recommends 1.`,
    example: '0',
    fallback: '1',
  }),
  chatRateBurst: requiredSetting(wholeNumber(1, 1_000), {
    env: 'CHATFERRY_CHAT_RATE_BURST',
    description: 'Sends to one chat that are allowed at once.',
    example: '3',
    fallback: '5',
  }),
  groupRatePerMinute: requiredSetting(wholeNumber(0, 60_000), {
    env: 'CHATFERRY_GROUP_RATE_PER_MINUTE',
    description: `Sends per minute to one group. 0 means no limit. ${channel} allows 20.`,
    example: '0',
    fallback: '20',
  }),
  botRatePerSecond: requiredSetting(wholeNumber(0, 10_000), {
    env: 'CHATFERRY_BOT_RATE_PER_SECOND',
    description: `Sends per second of one bot from this process. 0 means no limit. ${channel} allows 30, and more with paid broadcasts. Several replicas share this limit.`,
    example: '15',
    fallback: '30',
  }),
  laneWaitersMax: requiredSetting(wholeNumber(1, 10_000), {
    env: 'CHATFERRY_LANE_WAITERS_MAX',
    description: 'Sends that may wait for one chat. Further sends are answered with 429.',
    example: '20',
    fallback: '100',
  }),
  workerLanesMax: requiredSetting(wholeNumber(1, 1_000), {
    env: 'CHATFERRY_WORKER_LANES_MAX',
    description:
      'Conversations that this process works on at the same time. Those that wait for a provider, a file or a clock do not count. Eight more places are kept for the replies of agents.',
    example: '64',
    fallback: '32',
  }),
  reconcileEverySeconds: requiredSetting(wholeNumber(1, 86_400), {
    env: 'CHATFERRY_RECONCILE_EVERY_SECONDS',
    description:
      'Seconds between two searches of the inboxes for replies whose webhook never arrived. The first search is at the start.',
    example: '60',
    fallback: '300',
  }),
  watchEverySeconds: requiredSetting(wholeNumber(1, 86_400), {
    env: 'CHATFERRY_WATCH_EVERY_SECONDS',
    description: `Seconds between two checks of each bot: where ${channel} delivers its updates, and whether a refused token works again.`,
    example: '300',
    fallback: '60',
  }),
  auditHeadEverySeconds: requiredSetting(wholeNumber(1, 86_400), {
    env: 'CHATFERRY_AUDIT_HEAD_EVERY_SECONDS',
    description:
      'Seconds between two looks at the head of the audit log. A new head is logged (`audit.head`) and added to `audit-heads.log` in the data folder.',
    example: '10',
    fallback: '60',
  }),
  hangLimitSeconds: requiredSetting(wholeNumber(0, 3_600), {
    env: 'CHATFERRY_HANG_LIMIT_SECONDS',
    description:
      'Seconds after which a process that does not react any more ends itself, so that its supervisor starts it again. 0 means never.',
    example: '60',
    fallback: '30',
  }),
  connectionsMax: requiredSetting(wholeNumber(2, 500), {
    env: 'CHATFERRY_DATABASE_CONNECTIONS_MAX',
    description: 'Connections to the database.',
    example: '32',
    fallback: '16',
  }),
  uploadsMegabytesMax: requiredSetting(wholeNumber(1, 1_000_000), {
    env: 'CHATFERRY_UPLOADS_MAX_MB',
    description:
      'Megabytes that the uploads of one workspace may have together in the database. Each upload is kept for 24 hours.',
    example: '4096',
    fallback: '1024',
  }),
  messagesDays: requiredSetting(wholeNumber(2, 3_650), {
    env: 'CHATFERRY_RETENTION_MESSAGES_DAYS',
    description: 'Days for which messages and their attempts are stored.',
    example: '365',
    fallback: '90',
  }),
  eventsDays: requiredSetting(wholeNumber(2, 365), {
    env: 'CHATFERRY_RETENTION_EVENTS_DAYS',
    description:
      'Days for which the event log is stored. Events are never stored for longer than messages, because they show them.',
    example: '60',
    fallback: '30',
  }),
  contactsDays: requiredSetting(wholeNumber(30, 3_650), {
    env: 'CHATFERRY_RETENTION_CONTACTS_DAYS',
    description:
      'Days after which an inactive chat is deleted, with its name and the link to its conversation in the inbox. A person who writes again starts a new conversation.',
    example: '730',
    fallback: '400',
  }),
  updatesDays: requiredSetting(wholeNumber(2, 365), {
    env: 'CHATFERRY_RETENTION_UPDATES_DAYS',
    description: 'Days for which raw updates are stored.',
    example: '30',
    fallback: '7',
  }),
} as const;
