import type { EngineLog } from '../../ports/log.ts';

export interface HealthStore {
  /** Each true where it changed something. */
  breakChannel(channelId: string, problem: string): Promise<boolean>;
  mendChannel(channelId: string): Promise<boolean>;
  breakWorkspace(workspaceId: string, problem: string): Promise<boolean>;
  mendWorkspace(workspaceId: string): Promise<boolean>;
}

/** What a provider's answer says of a channel or workspace, for everybody to see. */
export interface MarkHealth {
  markChannelBroken(channelId: string, problem: string): Promise<void>;
  markChannelMended(channelId: string): Promise<void>;
  markWorkspaceBroken(workspaceId: string, problem: string): Promise<void>;
  markWorkspaceMended(workspaceId: string): Promise<void>;
}

/** Says it once: every lane of a broken workspace finds it broken again and again. */
export function createMarkHealth(deps: {
  readonly store: HealthStore;
  readonly log: EngineLog;
  /** What is in memory of channels and workspaces is to be read anew. */
  readonly onChange: () => void;
}): MarkHealth {
  const { store, log, onChange } = deps;
  return {
    async markChannelBroken(channelId, problem) {
      if (!(await store.breakChannel(channelId, problem))) return;
      log.error('channel.broken', { channelId, problem });
      onChange();
    },
    async markChannelMended(channelId) {
      if (!(await store.mendChannel(channelId))) return;
      log.info('channel.mended', { channelId });
      onChange();
    },
    async markWorkspaceBroken(workspaceId, problem) {
      if (!(await store.breakWorkspace(workspaceId, problem))) return;
      log.error('workspace.broken', { workspaceId, problem });
      onChange();
    },
    async markWorkspaceMended(workspaceId) {
      if (!(await store.mendWorkspace(workspaceId))) return;
      log.info('workspace.mended', { workspaceId });
      onChange();
    },
  };
}
