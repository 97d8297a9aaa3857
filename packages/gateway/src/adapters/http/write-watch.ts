import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/**
 * What undici reported of one attempt. undici builds its request object when an attempt is handed to a connection
 * (`created`) and reports `sendHeaders` right before the first byte is written (`written`). Error codes cannot tell the
 * two apart: a reset in the TLS handshake and a reset after the request was read are both `ECONNRESET`.
 */
export interface WriteTrace {
  created: boolean;
  written: boolean;
}

export interface WriteWatch {
  /** Runs `dispatch`, which must hand exactly one request with this body to undici before it returns. */
  during(body: Buffer | null, dispatch: () => void): WriteTrace;
  close(): void;
}

const created = 'undici:request:create';
const writing = 'undici:client:sendHeaders';

/**
 * Follows requests through undici's diagnostics channels. The request object that appears while `dispatch` runs, with
 * the very same body buffer, is the attempt's; everything later is matched by that object. If undici does not
 * report the request, `created` stays false. That does not prove that nothing was sent.
 */
export function createWriteWatch(): WriteWatch {
  const traces = new WeakMap<object, WriteTrace>();
  let dispatching: { readonly body: Buffer | null; readonly trace: WriteTrace } | null = null;

  const onCreated = (message: unknown): void => {
    const request = requestOf(message);
    if (!request || !dispatching || request.body !== dispatching.body) return;
    dispatching.trace.created = true;
    traces.set(request, dispatching.trace);
  };
  const onWriting = (message: unknown): void => {
    const request = requestOf(message);
    const trace = request && traces.get(request);
    if (trace) trace.written = true;
  };
  subscribe(created, onCreated);
  subscribe(writing, onWriting);

  return {
    during(body, dispatch) {
      const trace: WriteTrace = { created: false, written: false };
      const outer = dispatching;
      dispatching = { body, trace };
      try {
        dispatch();
      } finally {
        dispatching = outer;
      }
      return trace;
    },
    close() {
      unsubscribe(created, onCreated);
      unsubscribe(writing, onWriting);
    },
  };
}

function requestOf(message: unknown): { readonly body: unknown } | null {
  if (typeof message !== 'object' || message === null || !('request' in message)) return null;
  const { request } = message;
  return typeof request === 'object' && request !== null && 'body' in request ? request : null;
}
