import type { SandboxClock } from '../clock.ts';

/** Intercom waits 5 s for the answer to a notification. */
const ANSWER_LIMIT_MS = 5_000;

export interface Poster {
  /** Waits by the sandbox's clock; never resolves once closed. */
  pause(delayMs: number): Promise<void>;
  /** The status of the answer, or null where none came in time. */
  post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<number | null>;
  close(): void;
}

export function createPoster(clock: SandboxClock): Poster {
  const cancels = new Set<() => void>();

  const pause = (delayMs: number) =>
    delayMs <= 0
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          const cancel = clock.after(delayMs, () => {
            cancels.delete(cancel);
            resolve();
          });
          cancels.add(cancel);
        });

  async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<number | null> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const cancelLimit = clock.after(ANSWER_LIMIT_MS, abort);
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
      // fetch rejects with a TypeError when nobody answers and with an AbortError after the limit: both mean no answer.
      if (cause instanceof Error) return null;
      throw cause;
    } finally {
      cancelLimit();
      cancels.delete(abort);
    }
  }

  return {
    pause,
    post,
    close() {
      for (const cancel of [...cancels]) cancel();
      cancels.clear();
    },
  };
}
