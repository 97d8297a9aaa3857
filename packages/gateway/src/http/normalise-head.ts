import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { ApiError } from '../operations/api-error.ts';

/** HTTP/1.1 requires Host. Node would refuse the request itself, in a form that is not documented. */
export function missingHost({ headers, httpVersion }: IncomingMessage): ApiError | undefined {
  if (headers.host !== undefined || httpVersion === '1.0') return undefined;
  const message = 'The request has no Host header, which HTTP/1.1 requires. Correct the program that sends it.';
  return new ApiError('TYPE_MISMATCH', { message, details: [{ pointer: '#/headers/Host', message }] });
}

/**
 * Cuts off what a client or a proxy wrote into `X-Forwarded-For` that is no address, and everything before it. So the address of a
 * request is always an address: the nearest one that is known, or the peer's.
 */
export function keepAddresses({ headers }: IncomingMessage): void {
  const given = headers['x-forwarded-for'];
  if (given === undefined) return;
  const entries = (typeof given === 'string' ? given : given.join(',')).split(',').map((entry) => entry.trim());
  const lastOther = entries.findLastIndex((entry) => isIP(entry) === 0);
  if (lastOther === -1) return;
  const kept = entries.slice(lastOther + 1);
  if (kept.length === 0) delete headers['x-forwarded-for'];
  else headers['x-forwarded-for'] = kept.join(', ');
}
