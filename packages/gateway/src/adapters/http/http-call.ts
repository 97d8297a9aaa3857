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
  readonly signal?: AbortSignal;
  /** More than this ends the call as uncertain. Default 8 MiB (Telegram: getUpdates answers up to about 4 MiB). */
  readonly maxResponseBytes?: number;
  /** A call that waits at the provider by design (a long poll): takes no place from the others. */
  readonly longPoll?: boolean;
}

export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type HttpFailure =
  /** Proof that no byte of the request left this process, and that none will. */
  | { readonly kind: 'not-written'; readonly detail: string }
  /** Everything else without a whole answer. */
  | { readonly kind: 'uncertain'; readonly detail: string };

export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: HttpHeaders; readonly body: Buffer }
  | HttpFailure;

export type HttpStream =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: HttpHeaders; readonly body: Readable }
  | HttpFailure;
