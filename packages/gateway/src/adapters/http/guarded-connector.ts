import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { Deadlines } from '../../ports/deadlines.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { EgressRefused, isNotEncrypted, leadsToPrivateAddress } from './egress-refused.ts';
import { isPublicAddress } from './public-address.ts';

export interface ConnectorOptions {
  readonly policy: EgressPolicy;
  /** Limits the lookup, the connection and the TLS handshake together. */
  readonly timeoutMs: number;
  readonly ipv4Only: boolean;
  readonly lookup: LookupFunction | undefined;
}

/**
 * Makes the connections to one origin. The addresses that are dialled are the ones that are checked: each connection is checked,
 * between the lookup and the socket, so that a name that resolves differently the next time does not help.
 */
export function createGuardedConnector(origin: string, options: ConnectorOptions): buildConnector.connector {
  const { policy, timeoutMs, ipv4Only, lookup = systemLookup as LookupFunction } = options;
  const isConfigured = policy.isConfigured(origin);
  const connect = buildConnector({
    timeout: timeoutMs,
    allowH2: false,
    ...(ipv4Only ? { family: 4 } : {}),
    lookup: isConfigured ? lookup : onlyPublic(origin, lookup),
  });
  if (isConfigured) return connect;
  return (target, callback) => {
    const refusal = refusalOfTarget(origin, target);
    if (refusal === null) connect(target, callback);
    else queueMicrotask(() => callback(refusal, null));
  };
}

/** Node does not look up a numeric host, so the lookup would not check it. `URL` has turned every notation into the plain one. */
function refusalOfTarget(
  origin: string,
  { protocol, hostname }: Pick<buildConnector.Options, 'protocol' | 'hostname'>,
): EgressRefused | null {
  if (protocol !== 'https:') return isNotEncrypted(origin);
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) === 0 || isPublicAddress(address) ? null : leadsToPrivateAddress(origin);
}

/** Passes on only public addresses, so that only these are dialled. */
const onlyPublic =
  (origin: string, lookup: LookupFunction): LookupFunction =>
  (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const addresses: readonly LookupAddress[] = Array.isArray(found) ? found : [];
      const open = addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = open;
      if (first === undefined) return callback(leadsToPrivateAddress(origin), []);
      return options.all === true ? callback(null, open) : callback(null, first.address, first.family);
    });

const lookupLimitMs = 2_000;

export interface RefusalParts extends EgressPolicy {
  readonly lookup: LookupFunction | undefined;
  readonly deadlines: Pick<Deadlines, 'after'>;
}

/** Why no connection to the address would be made, by what its name resolves to now. Null if one may be made. */
export async function refusalOf(
  url: string,
  { isConfigured, lookup = systemLookup as LookupFunction, deadlines }: RefusalParts,
): Promise<string | null> {
  const target = new URL(url);
  if (isConfigured(target.origin)) return null;
  const refusal = refusalOfTarget(target.origin, target) ?? (await refusalOfName(target, lookup, deadlines));
  return refusal?.detail ?? null;
}

function refusalOfName(
  { origin, hostname }: URL,
  lookup: LookupFunction,
  deadlines: Pick<Deadlines, 'after'>,
): Promise<EgressRefused | null> {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return Promise.resolve(null);
  return new Promise((resolve) => {
    const cancel = deadlines.after(lookupLimitMs, () => resolve(null));
    onlyPublic(origin, lookup)(hostname, { all: true }, (error) => {
      cancel();
      resolve(error instanceof EgressRefused ? error : null);
    });
  });
}
