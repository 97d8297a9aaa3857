/** What the client takes from the program that it runs in: fetch, timers, chance and the environment. Options replace them. */

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Resolves after the delay. Rejects with the reason of the signal when the signal is aborted. */
export type Wait = (delayMs: number, signal: AbortSignal | undefined) => Promise<void>;

export const waitByTimer: Wait = (delayMs, signal) =>
  new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, delayMs);
    if (signal?.aborted === true) end();
    else signal?.addEventListener('abort', end, { once: true });
  });

/** Runs something once after the delay. The returned function cancels it. */
export const startTimer = (delayMs: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

export const fetchOfRuntime: Fetch = (url, init) => globalThis.fetch(url, init);

/** A number from 0 to 1, for the spread of waits. */
export const chance = (): number => Math.random();

/** The time in milliseconds since 1970. */
export const now = (): number => Date.now();

interface ProcessOfRuntime {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** A variable of the environment. Undefined where there is no environment (a browser), or where it may not be read (Deno). */
export const readVariable = (name: string): string | undefined => {
  try {
    const value = (globalThis as ProcessOfRuntime).process?.env?.[name];
    return value === '' ? undefined : value;
  } catch {
    return undefined;
  }
};

/** Whether pages run here. A browser sends its own User-Agent, and asks another origin before each header that it does not know. */
export const isBrowser = (): boolean => 'document' in globalThis;
