import type { Clock } from '../../ports/clock.ts';
import type { Connections } from './connections.ts';

/** Which connections a call needs. Long polls have connections of their own, so that they take no place from the others. */
export interface PoolName {
  readonly origin: string;
  readonly longPoll: boolean;
}

/** The connections to all origins. Their number is bounded, because callers may name ever more origins. */
export interface ConnectionPools {
  of(origin: string, longPoll: boolean): Connections;
  /** Waits for the calls under way. */
  close(): Promise<void>;
}

export interface ConnectionPoolsOptions {
  readonly clock: Clock;
  readonly open: (name: PoolName) => Connections;
  /** Origins whose connections are kept. Beyond it, those that were used least recently are closed, but none with a call under way. */
  readonly originsMax: number;
  /** A connection that no call used for this time, or at most twice this time, is closed. */
  readonly unusedMs: number;
}

interface Entry {
  readonly connections: Connections;
  lastUse: number;
}

export function createConnectionPools({ clock, open, originsMax, unusedMs }: ConnectionPoolsOptions): ConnectionPools {
  /** By origin. The two kinds are apart, so that a call needs no name made of two parts. */
  const entries = { calls: new Map<string, Entry>(), longPolls: new Map<string, Entry>() };
  const all = Object.values(entries);
  const closing = new AbortController();
  let uses = 0;

  const makeRoom = (pools: Map<string, Entry>): void => {
    const idle = [...pools].filter(([, { connections }]) => connections.isIdle());
    idle.sort(([, one], [, other]) => one.lastUse - other.lastUse);
    for (const [origin, { connections }] of idle.slice(0, pools.size - originsMax + 1)) {
      pools.delete(origin);
      void connections.close();
    }
  };

  const closeUnused = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(unusedMs, closing.signal);
      if (closing.signal.aborted) return;
      for (const pools of all) {
        for (const [origin, { connections }] of pools) {
          connections.closeUnused();
          if (connections.isEmpty()) pools.delete(origin);
        }
      }
    }
  };
  void closeUnused();

  return {
    of(origin, longPoll) {
      uses += 1;
      const pools = longPoll ? entries.longPolls : entries.calls;
      const known = pools.get(origin);
      if (known !== undefined) {
        known.lastUse = uses;
        return known.connections;
      }
      if (pools.size >= originsMax) makeRoom(pools);
      const connections = open({ origin, longPoll });
      pools.set(origin, { connections, lastUse: uses });
      return connections;
    },
    async close() {
      closing.abort();
      await Promise.all(all.flatMap((pools) => [...pools.values()].map(({ connections }) => connections.close())));
    },
  };
}
