import type { SandboxClock } from '../clock.ts';
import type { Exchange, ExchangeAnswer } from '../exchange.ts';

/** Intercom waits 5 s for the answer to a notification. The simulated HubSpot uses the same limit. */
const answerLimitMs = 5_000;

export interface Poster {
  /** Waits by the sandbox's clock; does not resolve any more after `close`. */
  pause(delayMs: number): Promise<void>;
  /** The status of the answer; null where there was none within 5 s. */
  post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<number | null>;
  close(): void;
}

interface Deps {
  readonly clock: SandboxClock;
  readonly record: (call: Omit<Exchange, 'provider'>) => void;
  /** What ends the open calls and pauses. */
  readonly cancels: Set<() => void>;
}

export function createPoster(clock: SandboxClock, record: Deps['record']): Poster {
  const cancels = new Set<() => void>();
  const deps: Deps = { clock, record, cancels };
  return {
    pause: (delayMs) => pause(deps, delayMs),
    post: (url, body, headers) => post(deps, url, body, headers),
    close() {
      for (const cancel of [...cancels]) cancel();
      cancels.clear();
    },
  };
}

function pause({ clock, cancels }: Deps, delayMs: number): Promise<void> {
  if (delayMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(delayMs, () => {
      cancels.delete(cancel);
      resolve();
    });
    cancels.add(cancel);
  });
}

async function post(
  { clock, record, cancels }: Deps,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<number | null> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const cancelLimit = clock.after(answerLimitMs, abort);
  cancels.add(abort);
  let answer: ExchangeAnswer | undefined;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: controller.signal,
    });
    answer = { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
    return response.status;
  } catch (cause) {
    // fetch rejects with a TypeError when the receiver cannot be reached, and with an AbortError after the limit.
    if (cause instanceof Error) return null;
    throw cause;
  } finally {
    cancelLimit();
    cancels.delete(abort);
    record({
      kind: 'webhook',
      method: 'POST',
      path: new URL(url).pathname,
      headers,
      body: Buffer.from(body),
      answer,
      planted: false,
    });
  }
}
