import { ConfigurationError } from './errors.js';
import { contractVersion } from './operations.gen.js';
import { chance, type Fetch, fetchOfRuntime, isBrowser, readVariable, type Wait, waitByTimer } from './runtime.js';

export interface ChatferryOptions {
  /** A channel key or workspace key, for sending and reading messages. Default: the variable `CHATFERRY_KEY`. */
  readonly key?: string | undefined;
  /** The address of the gateway, such as `https://chat.example.com`. Default: the variable `CHATFERRY_URL`. */
  readonly baseUrl?: string | undefined;
  /** The administrator's token, or a token for a script: for administration. */
  readonly adminToken?: string | undefined;
  readonly fetch?: Fetch | undefined;
  /** The limit for one attempt, in milliseconds. Default: 60 000, because a send may take 30 seconds. */
  readonly timeoutMs?: number | undefined;
  /** The maximum number of attempts after the first. Default: 2. */
  readonly retriesMax?: number | undefined;
  /** The maximum Retry-After to wait for, in milliseconds. Default: 30 000. */
  readonly retryWaitMaxMs?: number | undefined;
  /** The name of your program, for the header `User-Agent`. */
  readonly userAgent?: string | undefined;
  /** Makes the idempotency key of a call. Default: a random UUID. */
  readonly makeIdempotencyKey?: (() => string) | undefined;
  readonly wait?: Wait | undefined;
  /** A number from 0 to 1, for the spread of waits. Default: a random one. */
  readonly chance?: (() => number) | undefined;
}

export interface CallOptions {
  /** Absent: a new key for every call. To repeat a failed call without a second message, give the key of that call. */
  readonly idempotencyKey?: string | undefined;
  /** Makes unknown fields an error instead of a warning (`Prefer: handling=strict`). */
  readonly strict?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The limit for one attempt, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** The options of a client after their check, with their defaults. */
export interface Settings {
  /** The address of the gateway, without a slash at its end. */
  readonly base: string;
  readonly key: string | undefined;
  readonly adminToken: string | undefined;
  /** Undefined in a browser, which sends its own. */
  readonly userAgent: string | undefined;
  readonly makeIdempotencyKey: () => string;
  readonly fetch: Fetch;
  readonly wait: Wait;
  readonly chance: () => number;
  readonly timeoutMs: number;
  readonly retriesMax: number;
  readonly retryWaitMaxMs: number;
}

const parseUrl = (text: string): URL | undefined => {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
};

/** How the address should be written: with a scheme, if only that is missing. */
const exampleFor = (text: string): string =>
  /^[a-z][a-z0-9.-]*(:\d+)?(\/|$)/i.test(text) ? `https://${text} or http://${text}` : 'https://chat.example.com';

/** The address without a slash at its end. Throws `ConfigurationError` for an address that no call could use. */
const readBaseUrl = (given: string | undefined): string => {
  if (given === undefined)
    throw new ConfigurationError(
      'The client needs baseUrl, the address of the gateway. Give it, or set CHATFERRY_URL.',
    );
  const url = parseUrl(given);
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new ConfigurationError(`baseUrl must be an http or https URL. Write it as ${exampleFor(given)}.`);
  if (url.username !== '' || url.password !== '')
    throw new ConfigurationError('baseUrl must not have a user name or a password. Give the key as key.');
  if (url.search !== '' || url.hash !== '')
    throw new ConfigurationError('baseUrl must end before a ? or a #. It is the address of the gateway only.');
  return url.href.replace(/(?<!\/)\/+$/, '');
};

/** A secret that goes into a header. Its text is not shown: it may be a real key with a line break at its end. */
const readSecret = (name: string, given: string | undefined): string | undefined => {
  if (given !== undefined && !/^[\x21-\x7e]+$/.test(given))
    throw new ConfigurationError(`${name} must have visible ASCII characters only, without spaces and line breaks.`);
  return given;
};

/** Checks the options of a client. Throws `ConfigurationError`. */
export const readSettings = (options: ChatferryOptions): Settings => {
  const own = `chatferry-sdk/${contractVersion}`;
  const named = options.userAgent === undefined ? own : `${options.userAgent} ${own}`;
  return {
    base: readBaseUrl(options.baseUrl ?? readVariable('CHATFERRY_URL')),
    key: readSecret('key', options.key ?? readVariable('CHATFERRY_KEY')),
    adminToken: readSecret('adminToken', options.adminToken),
    userAgent: isBrowser() ? undefined : named,
    makeIdempotencyKey: options.makeIdempotencyKey ?? (() => globalThis.crypto.randomUUID()),
    fetch: options.fetch ?? fetchOfRuntime,
    wait: options.wait ?? waitByTimer,
    chance: options.chance ?? chance,
    timeoutMs: options.timeoutMs ?? 60_000,
    retriesMax: options.retriesMax ?? 2,
    retryWaitMaxMs: options.retryWaitMaxMs ?? 30_000,
  };
};
