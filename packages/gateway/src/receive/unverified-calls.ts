import type { Spool } from './spool.ts';

/** Where unverified calls wait, because the store is unavailable and their account is unknown. */
export interface UnverifiedCalls extends Pick<Spool, 'drain'> {
  /** The call is on disk when it resolves with true. False if its network, or all together, have too much there already. */
  append(payload: Buffer, network: string): Promise<boolean>;
}

/**
 * The whole room is a small part of the disk space that verified calls have, and none of it is theirs. The longest call takes
 * 1.4 MiB, so each network has room for one of these, or for hundreds of usual ones.
 */
const totalBytes = 8 * 1024 * 1024;
const networkBytes = 2 * 1024 * 1024;

/** What earlier processes left on the disk counts in the total. From which networks it came is no longer known. */
export function createUnverifiedCalls(spool: Spool & { readonly foundBytes: number }): UnverifiedCalls {
  let held = { total: spool.foundBytes, networks: new Map<string, number>() };
  return {
    async append(payload, network) {
      if (!spool.hasRecords()) held = { total: 0, networks: new Map() };
      const counted = held;
      const count = (bytes: number): void => {
        counted.total += bytes;
        counted.networks.set(network, (counted.networks.get(network) ?? 0) + bytes);
      };
      const ofNetwork = (counted.networks.get(network) ?? 0) + payload.length;
      if (ofNetwork > networkBytes || counted.total + payload.length > totalBytes) return false;
      // Before the write, so that calls at the same moment see each other.
      count(payload.length);
      try {
        await spool.append(payload);
      } catch (cause) {
        count(-payload.length);
        throw cause;
      }
      return true;
    },
    drain: spool.drain,
  };
}
