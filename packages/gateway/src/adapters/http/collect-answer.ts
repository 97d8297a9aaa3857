import type { Dispatcher } from 'undici';
import type { HttpHeaders } from './http-call.ts';

export type AnswerEnd =
  | { readonly kind: 'whole'; readonly status: number; readonly headers: HttpHeaders; readonly body: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface AnswerWatcher {
  /** The head of the answer has arrived. */
  onBegin(): void;
  /** Not while `dispatch` runs. May be called more than once: the first counts. */
  onEnd(end: AnswerEnd): void;
}

/**
 * Takes an answer as undici reads it. Why not `Client.request`: it makes a stream of every answer, which costs as much as
 * the rest of the call.
 *
 * An answer of more than `maxBytes` is too large. One of more than `keepBytes` counts as whole: it is cut off there.
 */
export function collectAnswer(
  { maxBytes, keepBytes = Number.POSITIVE_INFINITY }: { readonly maxBytes: number; readonly keepBytes?: number },
  { onBegin, onEnd }: AnswerWatcher,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let head: { readonly status: number; readonly headers: HttpHeaders } | null = null;
  let size = 0;
  return {
    // undici takes a handler without it for one of its older kind.
    onRequestStart: () => undefined,
    onResponseStart(_controller, status, headers) {
      if (status < 200) return;
      head = { status, headers };
      onBegin();
    },
    onResponseData(controller, chunk) {
      size += chunk.byteLength;
      if (size <= Math.min(maxBytes, keepBytes)) {
        chunks.push(chunk);
        return;
      }
      if (head !== null && size > keepBytes) {
        onEnd({ kind: 'whole', ...head, body: Buffer.concat([...chunks, chunk]).subarray(0, keepBytes) });
        controller.abort(new Error('The rest of the answer is of no use.'));
        return;
      }
      onEnd({ kind: 'too-large' });
      controller.abort(new Error('The answer is too large.'));
    },
    onResponseEnd() {
      if (head === null) throw new Error('undici ended an answer that had not begun');
      const [only] = chunks;
      onEnd({ kind: 'whole', ...head, body: chunks.length === 1 && only ? only : Buffer.concat(chunks, size) });
    },
    onResponseError(_controller, error) {
      queueMicrotask(() => onEnd({ kind: 'failed', error }));
    },
  };
}
