import { putNewest } from '../../core/memory/put-newest.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';

/** Notices, in this process, that an inbox answers again. Then all work that waits for it is due at once. */
export interface OutageWatch {
  /** The inbox of a workspace is known to be down. */
  recordDown(workspaceId: string): void;
  /** The inbox of a workspace answered. Returns at once. */
  recordAnswer(workspaceId: string): void;
}

export interface OutageWatchDeps {
  readonly store: StoreSlice<{ readonly lanes: 'wake' }>;
  readonly log: EngineLog;
  /** Called after lanes became due. */
  readonly onDue: () => void;
}

/** A limit that real installations hardly reach. A workspace that is forgotten costs one statement at its next answer. */
const workspacesMax = 100_000;

export function watchOutages({ store, log, onDue }: OutageWatchDeps): OutageWatch {
  /** A workspace that is not in it may have work that an earlier process left waiting. */
  const isDown = new Map<string, boolean>();

  const wake = async (workspaceId: string): Promise<void> => {
    try {
      const lanes = await store.lanes.wake(workspaceId);
      if (lanes === 0) return;
      log.info('inbox.recovered', { workspaceId, lanes });
      onDue();
    } catch (err) {
      // The next answer tries again.
      putNewest(isDown, workspaceId, true, workspacesMax);
      log.warn('inbox.unwoken', { workspaceId, err });
    }
  };

  return {
    recordDown: (workspaceId) => putNewest(isDown, workspaceId, true, workspacesMax),
    recordAnswer(workspaceId) {
      if (isDown.get(workspaceId) === false) return;
      putNewest(isDown, workspaceId, false, workspacesMax);
      void wake(workspaceId);
    },
  };
}
