import type { ChannelRecord, NewChannel } from '@chatferry/gateway/internal/store/channels';
import type { WorkspaceRecord } from '@chatferry/gateway/internal/store/workspaces';
import type { MemoryDatabase } from './database.ts';

type NewWorkspace = Omit<WorkspaceRecord, 'state' | 'problem' | 'createdAt'>;

export function insertWorkspace(db: MemoryDatabase, row: NewWorkspace): WorkspaceRecord {
  const workspace: WorkspaceRecord = { ...row, state: 'active', problem: null, createdAt: new Date(db.nowMs()) };
  db.workspaces.set(row.id, workspace);
  db.changes += 1;
  return workspace;
}

/** Null when another channel already has this bot. */
export function insertChannel(
  db: MemoryDatabase,
  row: NewChannel,
  options: ChannelRecord['options'],
): ChannelRecord | null {
  for (const { bot } of db.channels.values()) if (bot.botId === row.bot.botId) return null;
  const channel: ChannelRecord = {
    ...row,
    options,
    interactiveEnabled: true,
    state: 'active',
    problem: null,
    createdAt: new Date(db.nowMs()),
  };
  db.channels.set(row.id, channel);
  db.changes += 1;
  return channel;
}

export const readChannel = (db: MemoryDatabase, id: string): ChannelRecord | null => db.channels.get(id) ?? null;

export const readWorkspace = (db: MemoryDatabase, id: string): WorkspaceRecord | null => db.workspaces.get(id) ?? null;

export const readChannelByHookPath = (db: MemoryDatabase, hookPath: string): ChannelRecord | null =>
  [...db.channels.values()].find((channel) => channel.hookPath === hookPath) ?? null;

export const readWorkspaceByHookPath = (db: MemoryDatabase, hookPath: string): WorkspaceRecord | null =>
  [...db.workspaces.values()].find((workspace) => workspace.hookPath === hookPath) ?? null;

export const listWorkspacesOfAccount = (
  db: MemoryDatabase,
  inboxKind: WorkspaceRecord['inboxKind'],
  inboxAccount: string,
): readonly WorkspaceRecord[] =>
  [...db.workspaces.values()].filter(
    (workspace) => workspace.inboxKind === inboxKind && workspace.inboxAccount === inboxAccount,
  );

export const listChannels = (
  db: MemoryDatabase,
  filter: { readonly workspaceId?: string | undefined; readonly updates?: ChannelRecord['updates'] | undefined } = {},
): readonly ChannelRecord[] =>
  [...db.channels.values()].filter(
    ({ workspaceId, updates }) =>
      (filter.workspaceId === undefined || filter.workspaceId === workspaceId) &&
      (filter.updates === undefined || filter.updates === updates),
  );

export const listPollingChannels = (db: MemoryDatabase): readonly ChannelRecord[] =>
  listChannels(db, { updates: 'polling' });

/** True if the row was in the state that the change starts from. */
function change<R extends { readonly state: string; readonly problem: string | null }>(
  db: MemoryDatabase,
  rows: Map<string, R>,
  id: string,
  from: R['state'],
  to: Pick<R, 'state' | 'problem'>,
): boolean {
  const row = rows.get(id);
  db.changes += 1;
  if (row?.state !== from) return false;
  rows.set(id, { ...row, ...to });
  return true;
}

export const markChannelBroken = (db: MemoryDatabase, id: string, problem: string): boolean =>
  change(db, db.channels, id, 'active', { state: 'broken', problem });

export const markChannelActive = (db: MemoryDatabase, id: string): boolean =>
  change(db, db.channels, id, 'broken', { state: 'active', problem: null });

export const markWorkspaceBroken = (db: MemoryDatabase, id: string, problem: string): boolean =>
  change(db, db.workspaces, id, 'active', { state: 'broken', problem });

export const markWorkspaceActive = (db: MemoryDatabase, id: string): boolean =>
  change(db, db.workspaces, id, 'broken', { state: 'active', problem: null });

export const readPollOffset = (db: MemoryDatabase, id: string): string | null => db.pollOffsets.get(id) ?? null;

export function savePollOffset(db: MemoryDatabase, id: string, offset: string): void {
  db.pollOffsets.set(id, offset);
}

export function pauseBot(db: MemoryDatabase, id: string, pauseMs: number): void {
  db.pausedBots.set(id, Math.max(db.pausedBots.get(id) ?? 0, db.nowMs() + pauseMs));
  db.changes += 1;
}

export const listPausedBots = (
  db: MemoryDatabase,
): readonly { readonly channelId: string; readonly pauseMs: number }[] =>
  [...db.pausedBots]
    .filter(([, untilMs]) => untilMs > db.nowMs())
    .map(([channelId, untilMs]) => ({ channelId, pauseMs: Math.ceil(untilMs - db.nowMs()) }));

export const channelsQueries = {
  read: readChannel,
  readByHookPath: readChannelByHookPath,
  readPollOffset,
  markBroken: markChannelBroken,
  pauseBot,
  listPausedBots,
  markActive: markChannelActive,
  list: listChannels,
  listPolling: listPollingChannels,
  savePollOffset,
};

export const workspacesQueries = {
  read: readWorkspace,
  readByHookPath: readWorkspaceByHookPath,
  listOfAccount: listWorkspacesOfAccount,
  markBroken: markWorkspaceBroken,
  markActive: markWorkspaceActive,
};
