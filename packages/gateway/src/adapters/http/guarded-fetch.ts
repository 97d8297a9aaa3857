import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { AttachmentOutcome } from '../../ports/attachment.ts';
import type { Clock } from '../../ports/clock.ts';
import { failureDetail } from './failure-detail.ts';
import { isPublicAddress } from './public-address.ts';
import { readWhole } from './read-whole.ts';

export interface GuardedRequest {
  /** An address that came from outside the gateway. */
  readonly url: string;
  /** Host names that may be fetched from, only by https; each includes all names below it. */
  readonly hosts: readonly string[];
  /** The operator's replacements for the provider (`http://127.0.0.1:4010`): any scheme and any address is allowed. */
  readonly origins: readonly string[];
  /** Counted while it is read: a larger file is not read to its end. */
  readonly maxBytes: number;
  /** Limits everything together: the lookup, connecting, and the whole answer. */
  readonly limitMs: number;
}

/** Fetches a file once. Never throws for what a network can do, and no detail quotes the address: it may be signed. */
export type GuardedFetch = (request: GuardedRequest) => Promise<AttachmentOutcome>;

export interface GuardedFetchOptions {
  readonly clock: Clock;
  readonly connectTimeoutMs?: number;
  readonly lookup?: LookupFunction;
}

/**
 * The only client for addresses that come from outside: an attacker may write them, and a name may resolve to any address.
 * Addresses are therefore checked when the connection is made, after the lookup, and redirects are not followed. Each fetch has a
 * connection of its own, so that no connection made under another rule is reused.
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { clock, connectTimeoutMs = 5_000, lookup = systemLookup as LookupFunction } = options;

  return async (request) => {
    const target = targetOf(request);
    if ('refusal' in target) return refused(target.refusal);
    const { url, isTrusted } = target;
    const guard = guardLookup(lookup);
    const client = new Client(url.origin, {
      pipelining: 1,
      allowH2: false,
      connect: { timeout: connectTimeoutMs, ...(isTrusted ? {} : { lookup: guard.lookup }) },
    });
    const ended = new AbortController();
    const late = new AbortController();
    void clock.sleep(request.limitMs, ended.signal).then(() => late.abort());
    try {
      const response = await client.request({
        path: url.pathname + url.search,
        method: 'GET',
        // Unpacked, the content would be larger than the bytes that are counted.
        headers: { 'accept-encoding': 'identity' },
        headersTimeout: 0,
        bodyTimeout: 0,
        signal: late.signal,
      });
      return await readAnswer(response, request.maxBytes);
    } catch (error) {
      if (late.signal.aborted) return unavailable(`it did not come within ${request.limitMs / 1_000} seconds`);
      return guard.isBarred() ? refused('its address leads into a private network') : unavailable(failureDetail(error));
    } finally {
      ended.abort();
      void client.destroy();
    }
  };
}

const refused = (detail: string): AttachmentOutcome => ({ kind: 'refused', detail });
const unavailable = (detail: string): AttachmentOutcome => ({ kind: 'unavailable', detail });

type Target = { readonly url: URL; readonly isTrusted: boolean } | { readonly refusal: string };

function targetOf({ url: text, hosts, origins }: GuardedRequest): Target {
  if (!URL.canParse(text)) return { refusal: 'its address is no web address' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return { refusal: 'its address carries a user name' };
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (isWeb && origins.includes(url.origin)) return { url, isTrusted: true };
  if (url.protocol !== 'https:') return { refusal: 'its address does not begin with https' };
  const isListed = hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
  // A numeric address is not looked up, so the lookup would not check it.
  const isName = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0;
  if (!isListed || !isName) return { refusal: 'its address is not one of the inbox’s own file servers' };
  return url.port === '' ? { url, isTrusted: false } : { refusal: 'its address names a port' };
}

interface Guard {
  readonly lookup: LookupFunction;
  /** Whether the name resolved to no public address. */
  isBarred(): boolean;
}

/** Passes on only public addresses, so that only these are connected to. */
function guardLookup(lookup: LookupFunction): Guard {
  let barred = false;
  return {
    isBarred: () => barred,
    lookup(hostname, options, callback) {
      lookup(hostname, { ...options, all: true }, (error, found) => {
        if (error) return callback(error, []);
        const addresses: readonly LookupAddress[] = Array.isArray(found) ? found : [];
        const open = addresses.filter(({ address }) => isPublicAddress(address));
        const [first] = open;
        if (first === undefined) {
          barred = true;
          return callback(new Error('The name leads to no public address.'), []);
        }
        return options.all === true ? callback(null, open) : callback(null, first.address, first.family);
      });
    },
  };
}

/** A signed address that has expired answers 403 or 404. */
const goneStatuses: ReadonlySet<number> = new Set([401, 403, 404, 410]);

async function readAnswer(
  { statusCode: status, headers, body }: Dispatcher.ResponseData,
  maxBytes: number,
): Promise<AttachmentOutcome> {
  const problem = problemOf(status, headers['content-encoding']);
  const isTooLarge = Number(headers['content-length'] ?? 0) > maxBytes;
  if (problem === null && !isTooLarge) {
    const content = await readWhole(body, maxBytes);
    return content === null ? { kind: 'too-large', maxBytes } : { kind: 'ok', content };
  }
  // A body that is discarded emits an error.
  body.on('error', () => undefined).destroy();
  return problem ?? { kind: 'too-large', maxBytes };
}

function problemOf(status: number, encoding: string | string[] | undefined): AttachmentOutcome | null {
  if (status === 200) {
    return encoding === undefined || encoding === 'identity' ? null : refused('the file server sends it compressed');
  }
  if (status >= 300 && status < 400) return refused('its address redirects elsewhere, which is not followed');
  if (goneStatuses.has(status)) return refused(`its address has expired or it was deleted (HTTP ${status})`);
  const isPassing = status >= 500 || status === 408 || status === 425 || status === 429;
  const detail = `the file server answered ${status}`;
  return isPassing ? unavailable(detail) : refused(detail);
}
