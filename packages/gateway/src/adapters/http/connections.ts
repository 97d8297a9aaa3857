import { Client } from 'undici';

/** The connections to one origin: at most so many, one call each at a time; callers wait in the order they came. */
export interface Connections {
  /** A connection for one call, or null when `signal` was aborted first. Each is given back or discarded once. */
  take(signal: AbortSignal): Promise<Client | null>;
  /** The call ended by itself: the connection serves the next one. */
  giveBack(client: Client): void;
  /** The call was stopped: whatever the connection still had to write, it never will. */
  discard(client: Client): void;
  /** Waits for the calls under way. */
  close(): Promise<void>;
}

/**
 * Why not undici's `Pool`: a request that waits inside a pool is not reported yet, so that nothing could be proved of
 * it, and a pool opens a second connection where the first one is free a moment later. The connection used last is
 * used next, so that the others can close when they are idle.
 */
export function openConnections(origin: string, options: Client.Options, limit: number): Connections {
  const all = new Set<Client>();
  const idle: Client[] = [];
  const waiting = new Set<(client: Client) => void>();

  const make = (): Client => {
    const client = new Client(origin, options);
    all.add(client);
    return client;
  };
  const handOut = (client: Client): void => {
    const [next] = waiting;
    if (next === undefined) {
      idle.push(client);
      return;
    }
    waiting.delete(next);
    next(client);
  };

  return {
    async take(signal) {
      if (signal.aborted) return null;
      const free = idle.pop() ?? (all.size < limit ? make() : null);
      if (free !== null) return free;
      return new Promise((resolve) => {
        const admit = (client: Client): void => {
          signal.removeEventListener('abort', giveUp);
          resolve(client);
        };
        const giveUp = (): void => {
          waiting.delete(admit);
          resolve(null);
        };
        waiting.add(admit);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
    giveBack: handOut,
    discard(client) {
      all.delete(client);
      void client.destroy();
      if (waiting.size > 0) handOut(make());
    },
    async close() {
      await Promise.all([...all].map((client) => client.close()));
    },
  };
}
