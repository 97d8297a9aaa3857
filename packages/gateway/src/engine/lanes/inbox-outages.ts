import { putNewest } from '../../core/memory/put-newest.ts';

/** Remembers, in this process, which inboxes are down, so that the end of an outage is noticed once. */
export interface InboxOutages {
  /** The inbox of a workspace is known to be down. */
  recordDown(workspaceId: string): void;
  /**
   * The inbox accepted a write. True if work may wait for that: the inbox was down, or it is the first write that this
   * process sees, and an earlier process may have left work behind.
   */
  recordWrite(workspaceId: string): boolean;
}

/** A limit that real installations hardly reach. A workspace that is forgotten costs one statement at its next write. */
const workspacesMax = 100_000;

export function createInboxOutages(): InboxOutages {
  const isDown = new Map<string, boolean>();

  return {
    recordDown: (workspaceId) => putNewest(isDown, workspaceId, true, workspacesMax),
    recordWrite(workspaceId) {
      if (isDown.get(workspaceId) === false) return false;
      putNewest(isDown, workspaceId, false, workspacesMax);
      return true;
    },
  };
}
