import type { Spool } from './spool.ts';

/** Where calls wait that nobody could verify, because the store is unavailable and their account is unknown. */
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

export function createUnverifiedCalls(spool: Spool): UnverifiedCalls {
  const held = new Map<string, number>();
  let total = 0;
  return {
    async append(payload, network) {
      if (!spool.hasRecords()) {
        held.clear();
        total = 0;
      }
      const ofNetwork = (held.get(network) ?? 0) + payload.length;
      if (ofNetwork > networkBytes || total + payload.length > totalBytes) return false;
      held.set(network, ofNetwork);
      total += payload.length;
      await spool.append(payload);
      return true;
    },
    drain: spool.drain,
  };
}
