import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

/** One call over HTTP. */
export interface HttpRequest {
  /** The whole address. It never appears in a result: it may carry a secret. */
  readonly url: string;
  readonly method: Dispatcher.HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Bounds everything: waiting for a connection, connecting, and the whole answer. */
  readonly limitMs: number;
  /** For a stream: ends the call if neither the head nor a byte of the body comes for this long. */
  readonly idleLimitMs?: number;
  readonly signal?: AbortSignal;
  /** More than this ends the call as uncertain. Default 8 MiB (Telegram: getUpdates answers up to about 4 MiB). */
  readonly maxResponseBytes?: number;
  /** Only this much of the answer is of use: the rest is not read, and the connection is closed. Not for streams. */
  readonly keepBytes?: number;
  /** On whose behalf: a bot, or an account. One party cannot take all connections to an origin that others use, too. */
  readonly party?: object;
  /** A call that waits at the provider by design (a long poll): takes no place from the others. */
  readonly longPoll?: boolean;
}

export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type HttpFailure =
  /**
   * Proof that no byte of the request left this process, and that none will. `isBarred`: the egress policy does not allow the
   * address, so another try fails too. `isUnknownHost`: the name service answered that there is no such name.
   */
  | { readonly kind: 'not-written'; readonly detail: string; readonly isBarred?: true; readonly isUnknownHost?: true }
  /** Everything else without a whole answer. */
  | { readonly kind: 'uncertain'; readonly detail: string };

export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: HttpHeaders; readonly body: Buffer }
  | HttpFailure;

export interface HttpStreamAnswer {
  readonly kind: 'answered';
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Readable;
  /** Why the body was stopped: by the limit or by the caller; null if neither stopped it. */
  readonly stopDetail: () => string | null;
  /** To be called for each piece of the body that is read: the time without a byte begins again. */
  readonly onBytes: () => void;
}

export type HttpStream = HttpStreamAnswer | HttpFailure;
