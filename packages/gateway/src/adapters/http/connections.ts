import { Client } from 'undici';
import type { CallLimit } from './call-limit.ts';

/** The connections to one origin: a limited number, each for one call at a time; callers wait in the order in which they came. */
export interface Connections {
  /** A connection for one call, or null when the call was stopped first. Each is given back or discarded once. */
  take(callLimit: CallLimit): Promise<Client | null>;
  /** The call ended by itself: the connection serves the next one. */
  giveBack(client: Client): void;
  /** The call was stopped: the connection never writes what it had not written. May be called again. */
  discard(client: Client): void;
  /** Closes the connections that no call used since the last time. */
  closeUnused(): void;
  /** Whether no call is under way. */
  isIdle(): boolean;
  /** Whether there is no connection. */
  isEmpty(): boolean;
  /** Waits for the calls under way. */
  close(): Promise<void>;
}

/**
 * Why not undici's `Pool`: undici does not report a request that waits inside a pool, so nothing could be proved about it. A pool
 * also opens a second connection where the first one is free a moment later. The connection used last is used next, so that the
 * others can close when they are idle.
 */
export function openConnections(origin: string, options: Client.Options, limit: number): Connections {
  const all = new Set<Client>();
  const idle: Client[] = [];
  const waiting = new Set<(client: Client) => void>();
  /** The fewest connections that were free at once since `closeUnused`: as many, from the front, were not used since. */
  let unused = 0;

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
    async take(callLimit) {
      if (callLimit.stopDetail() !== null) return null;
      const free = idle.pop() ?? (all.size < limit ? make() : null);
      if (idle.length < unused) unused = idle.length;
      if (free !== null) return free;
      return new Promise((resolve) => {
        waiting.add(resolve);
        callLimit.onStop(() => {
          if (waiting.delete(resolve)) resolve(null);
        });
      });
    },
    giveBack: handOut,
    discard(client) {
      if (!all.delete(client)) return;
      void client.destroy();
      if (waiting.size > 0) handOut(make());
    },
    closeUnused() {
      for (const client of idle.splice(0, unused)) {
        all.delete(client);
        void client.close();
      }
      unused = idle.length;
    },
    isIdle: () => idle.length === all.size,
    isEmpty: () => all.size === 0,
    async close() {
      await Promise.all([...all].map((client) => client.close()));
    },
  };
}
