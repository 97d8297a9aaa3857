/**
 * Judges why a call of `fetch` failed: what certainly sent nothing, and what may have been executed.
 * The codes are those of Node (system errors, OpenSSL, undici), Bun and Deno; browsers give no reason, so there every failure may
 * have been executed.
 */
import { ConnectionError } from './errors.js';

interface Reason {
  /** Follows the name of the host. */
  readonly why: string;
  /** A repetition will not help. */
  readonly isLasting: boolean;
}

const passing = (why: string): Reason => ({ why, isLasting: false });
const lasting = (why: string): Reason => ({ why, isLasting: true });

const notFound = passing('cannot be found');
const refuses = passing('refused the connection');
const unreachable = passing('cannot be reached');
const noTls = lasting('does not speak TLS, so it may be an http:// address');
const untrusted = lasting('has a certificate that is not accepted');

/** Failures before a byte of the request is written. */
const beforeRequest: Readonly<Record<string, Reason>> = {
  ENOTFOUND: notFound,
  EAI_AGAIN: passing('cannot be looked up now'),
  ECONNREFUSED: refuses,
  ConnectionRefused: refuses,
  FailedToOpenSocket: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  EHOSTDOWN: unreachable,
  EADDRNOTAVAIL: unreachable,
  UND_ERR_CONNECT_TIMEOUT: passing('did not accept the connection in time'),
  'bad port': lasting('has a port that fetch does not call'),
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
  CERT_HAS_EXPIRED: untrusted,
  CERT_NOT_YET_VALID: untrusted,
  CERT_UNTRUSTED: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
};

/** Deno has no codes: its message names the phase. */
const readDenoMessage = (message: string): Reason | undefined => {
  if (!message.includes('client error (Connect)')) return undefined;
  if (message.includes('dns error')) return notFound;
  if (message.includes('refused')) return refuses;
  if (message.includes('corrupt message')) return noTls;
  return message.includes('certificate') ? untrusted : unreachable;
};

/** Undici has the error of the socket in `cause`, and the errors of several addresses in its `errors`. */
const findReason = (error: unknown): Reason | undefined => {
  if (!(error instanceof Error)) return undefined;
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) {
    const reasons = error.errors.map((one) => findReason(one));
    return reasons.includes(undefined) ? undefined : reasons[0];
  }
  const code = 'code' in error ? String(error.code) : error.message;
  if (Object.hasOwn(beforeRequest, code)) return beforeRequest[code];
  // A TCP connection that timed out, as opposed to one that was in use.
  if (code === 'ETIMEDOUT' && 'syscall' in error && error.syscall === 'connect') return unreachable;
  // Bun.
  if (error.message.includes('TLS handshake failed')) return noTls;
  if (error.message.includes('before secure TLS connection was established')) return unreachable;
  return readDenoMessage(error.message) ?? findReason(error.cause);
};

export interface FailedCall {
  readonly url: string;
  readonly idempotencyKey: string | undefined;
  readonly timeoutMs: number;
  /** Whether the caller's own signal ended the call. */
  readonly isAborted: boolean;
  /** Whether any attempt of the call may have reached a server. */
  readonly mayHaveBeenSent: boolean;
}

export interface JudgedFailure {
  readonly error: ConnectionError;
  /** Whether a repetition may help. Whether it is safe depends on the operation and on `error.mayHaveBeenSent`. */
  readonly isPassing: boolean;
}

/** Explains the failure of a call, in words and as an error. */
export const judgeFailure = (error: unknown, call: FailedCall): JudgedFailure => {
  const { idempotencyKey } = call;
  const again =
    idempotencyKey === undefined
      ? 'Check the address and the network.'
      : 'Repeat the call with the same idempotencyKey.';
  if (call.isAborted) {
    const options = { cause: error, idempotencyKey, mayHaveBeenSent: call.mayHaveBeenSent };
    const text = 'The caller aborted the call before its answer.';
    return { error: new ConnectionError('aborted', text, options), isPassing: false };
  }
  const reason = findReason(error);
  const options = { cause: error, idempotencyKey };
  if (reason !== undefined) {
    const text = `${new URL(call.url).host} ${reason.why}; nothing was sent. Check baseUrl, and that the gateway runs.`;
    return { error: new ConnectionError('refused', text, options), isPassing: !reason.isLasting };
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    const text = `No answer within ${call.timeoutMs} ms; the request may have been executed. ${again}`;
    return { error: new ConnectionError('timeout', text, options), isPassing: false };
  }
  const text = `The connection broke before an answer; the request may have been executed. ${again}`;
  return { error: new ConnectionError('broken', text, options), isPassing: true };
};
