import type { SandboxClock } from '../clock.ts';

/** Intercom waits 5 s for the answer to a notification. The simulated HubSpot uses the same limit. */
const answerLimitMs = 5_000;

export interface Poster {
  /** Waits by the sandbox's clock; does not resolve any more after `close`. */
  pause(delayMs: number): Promise<void>;
  /** The status of the answer; null where there was none within 5 s. */
  post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<number | null>;
  close(): void;
}

export function createPoster(clock: SandboxClock): Poster {
  const cancels = new Set<() => void>();
  return {
    pause: (delayMs) => pause(clock, cancels, delayMs),
    post: (url, body, headers) => post(clock, cancels, url, body, headers),
    close() {
      for (const cancel of [...cancels]) cancel();
      cancels.clear();
    },
  };
}

function pause(clock: SandboxClock, cancels: Set<() => void>, delayMs: number): Promise<void> {
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
  clock: SandboxClock,
  cancels: Set<() => void>,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<number | null> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const cancelLimit = clock.after(answerLimitMs, abort);
  cancels.add(abort);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: controller.signal,
    });
    await response.arrayBuffer();
    return response.status;
  } catch (cause) {
    // fetch rejects with a TypeError when the receiver cannot be reached, and with an AbortError after the limit.
    if (cause instanceof Error) return null;
    throw cause;
  } finally {
    cancelLimit();
    cancels.delete(abort);
  }
}
