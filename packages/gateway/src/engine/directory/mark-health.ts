import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';

export type HealthStore = StoreSlice<{
  readonly channels: 'markBroken' | 'markActive';
  readonly workspaces: 'markBroken' | 'markActive';
}>;

/** Records what a provider's answers say about a channel or workspace, visible to every process and to people. */
export interface MarkHealth {
  markChannelBroken(channelId: string, problem: string): Promise<void>;
  markChannelActive(channelId: string): Promise<void>;
  markWorkspaceBroken(workspaceId: string, problem: string): Promise<void>;
  markWorkspaceActive(workspaceId: string): Promise<void>;
}

/** Logs each change once, although every lane of a broken workspace finds it broken again and again. */
export function createMarkHealth(deps: {
  readonly store: HealthStore;
  readonly log: EngineLog;
  /** Called when cached channels and workspaces must be read again. */
  readonly onChange: () => void;
}): MarkHealth {
  const { store, log, onChange } = deps;
  return {
    async markChannelBroken(channelId, problem) {
      if (!(await store.channels.markBroken(channelId, problem))) return;
      log.error('channel.broken', { channelId, problem });
      onChange();
    },
    async markChannelActive(channelId) {
      if (!(await store.channels.markActive(channelId))) return;
      log.info('channel.mended', { channelId });
      onChange();
    },
    async markWorkspaceBroken(workspaceId, problem) {
      if (!(await store.workspaces.markBroken(workspaceId, problem))) return;
      log.error('workspace.broken', { workspaceId, problem });
      onChange();
    },
    async markWorkspaceActive(workspaceId) {
      if (!(await store.workspaces.markActive(workspaceId))) return;
      log.info('workspace.mended', { workspaceId });
      onChange();
    },
  };
}
