import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The configured address of the gateway. Null if it is not set. */
    readonly publicUrl: string | null;
  }
}

/** A host as `Host` has it: a name or an address, and perhaps a port. Anything else is not repeated in an answer. */
const plainHost = /^[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?$|^\[[0-9A-Fa-f:.]{2,45}\](?::[0-9]{1,5})?$/;

/**
 * The address of this gateway for links in an answer, without a slash at its end: the configured one, else the one that the caller
 * used, else the one that the connection arrived at.
 */
export function baseOf(request: Pick<FastifyRequest, 'server' | 'headers' | 'socket'>): string {
  const { publicUrl } = request.server;
  return publicUrl === null ? baseByHost(request.headers.host, request.socket) : withoutSlash(publicUrl);
}

interface LocalEnd {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

/** The address by which a caller without a configured one reached the gateway. */
export function baseByHost(host: string | undefined, { localAddress, localPort }: LocalEnd): string {
  if (host !== undefined && plainHost.test(host)) return `http://${host}`;
  const address = localAddress ?? '127.0.0.1';
  return `http://${address.includes(':') ? `[${address}]` : address}:${localPort ?? 80}`;
}

export const withoutSlash = (url: string): string => url.replace(/(?<!\/)\/+$/, '');
