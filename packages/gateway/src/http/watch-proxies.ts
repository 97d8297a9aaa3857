import type { FastifyRequest } from 'fastify';
import type { Alarm } from '../core/health/alarm.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineLog } from '../ports/log.ts';
import { isWithin } from './networks.ts';

/** The headers with which proxies say for whom they call. */
const forwardingHeaders = ['x-forwarded-for', 'forwarded', 'x-real-ip'] as const;

/**
 * Networks where a proxy of one's own is: this machine, private networks, link-local addresses, shared and unique local
 * addresses (RFC 1122, 1918, 3927, 6598, 4193, 4291).
 */
const ownNetworks = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];

const peersMax = 16;
/** A proxy that was not seen for so long is no longer there. */
const seenForMs = 3_600_000;

/** Notices proxies that the settings do not name. */
export interface ProxyWatch {
  /** To be called with every request. */
  notice(request: FastifyRequest): void;
  /**
   * Whether the request came through a proxy in a network of one's own that the settings do not name. Then its address is
   * that of the proxy. A caller from the internet who only sends the header is no proxy, and is counted by the address.
   */
  sharesAddress(request: FastifyRequest): boolean;
  alarms(): readonly Alarm[];
}

const isForwarded = ({ headers }: FastifyRequest): boolean =>
  forwardingHeaders.some((name) => headers[name] !== undefined);

interface Peer {
  readonly address: string;
  readonly isTrusted: boolean;
  readonly isOwn: boolean;
}

function judgePeer(given: string, trustedProxies: readonly string[]): Peer {
  const address = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(given)?.[1] ?? given;
  return { address, isTrusted: isWithin(trustedProxies, address), isOwn: isWithin(ownNetworks, address) };
}

/** Logs each peer once: at most 16 in networks of one's own, and 16 others. */
export function createProxyWatch({
  trustedProxies,
  clock,
  log,
}: {
  readonly trustedProxies: readonly string[];
  readonly clock: Clock;
  readonly log: EngineLog;
}): ProxyWatch {
  // Kept apart, so that callers from the internet cannot use up the places of proxies.
  const own = new Map<string, number>();
  const foreign = new Map<string, number>();
  // Judged once for each connection: the send path passes here, too.
  const judged = new WeakMap<object, Peer>();
  const peerOf = ({ socket }: FastifyRequest): Peer => {
    const peer = judged.get(socket) ?? judgePeer(socket.remoteAddress ?? '', trustedProxies);
    judged.set(socket, peer);
    return peer;
  };
  return {
    notice(request) {
      if (!isForwarded(request)) return;
      const { address, isTrusted, isOwn } = peerOf(request);
      if (isTrusted) return;
      const peers = isOwn ? own : foreign;
      const isKnown = peers.has(address);
      if (!isKnown && peers.size >= peersMax) return;
      peers.set(address, clock.monotonicMs());
      if (!isKnown) log.warn('proxy.undeclared', { address, remedy: remedyFor(address) });
    },
    sharesAddress(request) {
      const { isTrusted, isOwn } = peerOf(request);
      return isOwn && !isTrusted && isForwarded(request);
    },
    alarms: () =>
      [...own]
        .filter(([, lastMs]) => clock.monotonicMs() - lastMs < seenForMs)
        .map(([address]) => undeclaredProxy(address)),
  };
}

const remedyFor = (address: string): string =>
  `If ${address} is your reverse proxy, add it to CHATFERRY_TRUSTED_PROXIES and restart the gateway. Otherwise a program there sends the header of a proxy, and you need to do nothing.`;

const undeclaredProxy = (address: string): Alarm => ({
  kind: 'proxy-undeclared',
  subject: address,
  workspaceId: null,
  detail: `Requests from ${address} name another caller, as those of a reverse proxy do, and CHATFERRY_TRUSTED_PROXIES does not name ${address}. All these callers count as one address: in the networks of keys, in the limits of sign-in, and in the audit log.`,
  remedy: remedyFor(address),
});
