import { Client } from 'undici';
import { createTurns } from '../../core/memory/turns.ts';
import type { CallLimit } from './call-limit.ts';

/** The connections to one origin: a limited number, each for one call at a time. */
export interface Connections {
  /**
   * A connection for one call, or null when the call was stopped first. Each is given back or discarded once. A party has
   * no more than a share of the connections. The callers of a party wait in the order in which they came, and the parties
   * take turns.
   */
  take(callLimit: CallLimit, party: object): Promise<Taken | null>;
  /** Closes the connections that no call used since the last time. */
  closeUnused(): void;
  /** Whether no call is under way. */
  isIdle(): boolean;
  /** Whether there is no connection. */
  isEmpty(): boolean;
  /** Waits for the calls under way. */
  close(): Promise<void>;
}

/** A connection that one call has. */
export interface Taken {
  readonly client: Client;
  /** The call ended by itself: the connection serves the next one. */
  giveBack(): void;
  /** The call was stopped: the connection never writes what it had not written. May be called again. */
  discard(): void;
}

export interface ConnectionLimits {
  readonly total: number;
  /** The most of one party. */
  readonly perParty: number;
}

/**
 * Why not undici's `Pool`: undici does not report a request that waits inside a pool, so nothing could be proved about it. A pool
 * also opens a second connection where the first one is free a moment later. The connection used last is used next, so that the
 * others can close when they are idle.
 */
export function openConnections(origin: string, options: Client.Options, limits: ConnectionLimits): Connections {
  const all = new Set<Client>();
  const idle: Client[] = [];
  const taken = new Map<object, number>();
  const waiting = createTurns<object, () => void>();
  /** The fewest connections that were free at once since `closeUnused`: as many, from the front, were not used since. */
  let unused = 0;

  const isFree = (): boolean => idle.length > 0 || all.size < limits.total;
  const find = (): Client => {
    const client = idle.pop() ?? new Client(origin, options);
    all.add(client);
    if (idle.length < unused) unused = idle.length;
    return client;
  };
  const hasRoom = (party: object): boolean => (taken.get(party) ?? 0) < limits.perParty;
  const count = (party: object, change: number): void => {
    const calls = (taken.get(party) ?? 0) + change;
    if (calls > 0) taken.set(party, calls);
    else taken.delete(party);
  };
  const admitWaiting = (): void => {
    while (isFree()) {
      const next = waiting.take(hasRoom);
      if (next === null) return;
      next();
    }
  };
  const hand = (client: Client, party: object): Taken => {
    let isTaken = true;
    const end = (run: () => void) => () => {
      if (!isTaken) return;
      isTaken = false;
      run();
      count(party, -1);
      admitWaiting();
    };
    count(party, 1);
    return {
      client,
      giveBack: end(() => idle.push(client)),
      discard: end(() => {
        all.delete(client);
        void client.destroy();
      }),
    };
  };
  const wait = (callLimit: CallLimit, party: object): Promise<Taken | null> =>
    new Promise((resolve) => {
      const leave = waiting.add(party, () => resolve(hand(find(), party)));
      callLimit.onStop(() => {
        if (leave()) resolve(null);
      });
    });

  return {
    async take(callLimit, party) {
      if (callLimit.stopDetail() !== null) return null;
      const isNext = isFree() && hasRoom(party) && !waiting.isWaiting(party);
      return isNext ? hand(find(), party) : wait(callLimit, party);
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
