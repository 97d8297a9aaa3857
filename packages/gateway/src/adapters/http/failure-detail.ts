import { errors } from 'undici';
import { errorCodeOf } from '../../errors/error-code.ts';
import { EgressRefused } from './egress-refused.ts';

/** Causes that are followed. */
const causesMax = 5;

const meanings: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the host name does not exist',
  EPIPE: 'the connection was closed',
  EPROTO: 'the TLS handshake failed',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the other side does not speak TLS',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate cannot be verified',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'no connection was made in time',
  UND_ERR_INVALID_ARG: 'the request is not valid HTTP',
  UND_ERR_SOCKET: 'the other side closed the connection',
};

/**
 * A sentence about a network failure, made from error codes alone: messages, stacks and causes may quote the address,
 * and Telegram's carries the bot's token.
 */
export function failureDetail(error: unknown): string {
  if (error instanceof EgressRefused) return error.detail;
  const code = codeOf(error);
  if (error instanceof errors.HTTPParserError) return `the answer is not HTTP (${code ?? 'unreadable'})`;
  if (code === null) return 'the network failed in an unknown way';
  return `${meanings[code] ?? 'the network failed'} (${code})`;
}

/** The first error code along the causes, or null. Codes are upper-case words; anything else might quote something. */
export function codeOf(error: unknown): string | null {
  let current = error;
  for (let depth = 0; depth < causesMax && current instanceof Error; depth += 1) {
    const code = errorCodeOf(current);
    if (code !== null && /^[A-Z][A-Z0-9_]{1,63}$/.test(code)) return code;
    current = current.cause;
  }
  return null;
}
